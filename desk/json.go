package desk

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
)

// WriteJSON writes an answer as every door does: one line of JSON, fields in the order of their struct, maps by key. The same
// answer gives the same bytes.
func WriteJSON(w io.Writer, answer any) error {
	if err := json.MarshalWrite(w, answer, json.Deterministic(true)); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}
