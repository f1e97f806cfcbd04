package web

import (
	"testing"
)

func TestTry(t *testing.T) {
	server := serve(t, sampleDesk(t))
	for _, p := range []string{"/profiles/" + sampleProfile, "/profiles/" + sampleProfile + "/fits/" + sampleNotice + "?show=whatif&show=market"} {
		res, err := server.Client().Get(server.URL + p)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(p, res.Status, res.ContentLength)
	}
}
