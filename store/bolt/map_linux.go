//go:build linux && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x)

package bolt

// initialMap is how much of the file is mapped at once: address space, no memory. Growing beyond it
// means to map again, and that waits for every reader.
const initialMap = 1 << 30
