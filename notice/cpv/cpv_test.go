package cpv

import "testing"

func TestOfficialList(t *testing.T) {
	codes, names := officialCodes(t)
	if got := Codes(); len(got) != len(codes) {
		t.Fatalf("%d codes, want %d", len(got), len(codes))
	}
	for i, c := range codes {
		if Codes()[i] != c || !c.Known() {
			t.Fatalf("code %d is %s, want %s", i, Codes()[i], c)
		}
		name, of := c.Name()
		if c.Level() <= Class && (of != c || name != names[c]) {
			t.Errorf("%s is named %q, want %q", c, name, names[c])
		}
		if !of.Contains(c) || name != names[of] {
			t.Errorf("%s has the name %q of %s", c, name, of)
		}
	}
}
