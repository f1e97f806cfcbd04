package notice_test

import (
	"strings"
	"testing"

	"bidfit/notice"
)

func TestParseIdentifier(t *testing.T) {
	for in, want := range map[string]string{
		"GB-COH-01234567": "GB-COH-01234567", " gb-coh-476611 ": "GB-COH-00476611", "GB-COH-sc1234": "GB-COH-SC001234",
		"GB-PPON-PABC-1234-DEFG": "GB-PPON-PABC-1234-DEFG", "gb-ppon-pabc-1234-defg": "GB-PPON-PABC-1234-DEFG",
		"GB-CHC-1234567": "GB-CHC-1234567", "GB-FTS-77": "GB-FTS-77", "IE-CRO-5": "IE-CRO-5",
	} {
		if got, err := notice.ParseIdentifier(in); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
		if again, err := notice.ParseIdentifier(want); err != nil || again != want {
			t.Errorf("%q read again is %q, %v", want, again, err)
		}
	}
	for in, says := range map[string]string{
		"": "no identifier", "Wren Ltd": "no identifier", "1234567": "write GB-COH-1234567", "GB-COH-": "no identifier",
		"GB-COH-Wren": "no company number", "GB-PPON-12": "no PPON", "GB-NAME-wren": "a name and no number", "GB-COH-12 34": "no identifier",
		"GB-COH-00000000": "no company number",
	} {
		if got, err := notice.ParseIdentifier(in); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is %q, %v; want an error with %q", in, got, err, says)
		}
	}
}

// FuzzParseIdentifier reads anything: what is taken reads as itself again, and has no blanks.
func FuzzParseIdentifier(f *testing.F) {
	for _, s := range []string{"GB-COH-1", "gb-ppon-pabc-1234-defg", "XX-YY-\x00", "GB-COH-SC 1", "ı-ı-ı"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := notice.ParseIdentifier(s)
		if err != nil {
			return
		}
		if again, err := notice.ParseIdentifier(id); err != nil || again != id {
			t.Fatalf("%q is %q, and that %q, %v", s, id, again, err)
		}
	})
}
