// Package ocds reads procurement notices as the UK's publishers write them in the
// Open Contracting Data Standard, and says what they say.
//
// A file goes through it in three steps. [Decode] (decode.go, over source.go, window.go,
// release.go and repair.go) takes a stream of whatever wrapping and gives the releases in
// it, one by one, each repaired or rejected with a reason. Compile (compile.go, with the
// rules of schema.go, and versioned.go) merges the releases of one procurement. [Project]
// (notice.go) reads the result into the words of the house, a notice.Notice and its
// lots. All three stand on the tree of tree.go, whose every value knows the release and
// the place that said it.
package ocds
