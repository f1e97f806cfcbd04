//go:build !(linux && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x))

package bolt

// initialMap is left to bbolt: elsewhere a mapping may grow the file or find no room.
const initialMap = 0
