package bleve_test

import (
	"testing"

	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/index/indextest"
)

func TestContract(t *testing.T) {
	indextest.Run(t, func(t testing.TB, dir string) index.Index {
		x, err := bleve.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if r := x.Rebuilt(); r != "" {
			t.Fatalf("rebuilt: %s", r)
		}
		return x
	})
}
