package bolt

import (
	"path/filepath"
	"testing"

	"bidfit/store"
	"bidfit/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(_ testing.TB, dir string, p store.Projection) (store.Store, error) {
		return Open(filepath.Join(dir, "bidfit.db"), p)
	})
}
