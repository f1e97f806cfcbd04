// Package lock says which one process something belongs to: a lock of a file that ends with its holder. What is
// locked, and what to do when somebody else has it, is the caller's affair.
package lock
