package profiles

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"bidfit/notice"
)

// maxPounds bounds an amount: a trillion is more than any contract.
const maxPounds = 1_000_000_000_000

var (
	plainPounds = regexp.MustCompile(`^([0-9]{1,13})(?:\.([0-9]{1,2}))?$`)
	loosePounds = regexp.MustCompile(`^£?([0-9]{1,13})(?:\.([0-9]{1,6}))?(k|m|bn)?$`)
)

// ParsePounds reads pounds as written, "10000" or "1234.50", without ever making a float of them.
func ParsePounds(s string) (notice.Pence, error) {
	m := plainPounds.FindStringSubmatch(s)
	if m == nil {
		switch guess, ok := guessPounds(s); {
		case strings.HasPrefix(s, "-"):
			return 0, fmt.Errorf("%s is negative; write pounds from 0, or leave it out", quote(s))
		case ok:
			return 0, fmt.Errorf("%s is not a plain number of pounds; write %s", quote(s), guess.Decimal())
		default:
			return 0, fmt.Errorf("%s is not a plain number of pounds; write digits only, such as 10000 or 1234.50", quote(s))
		}
	}
	pounds, _ := strconv.ParseInt(m[1], 10, 64) // 13 digits fit
	if pounds > maxPounds {
		return 0, fmt.Errorf("%s is more than any amount there is; write pounds, not pence", quote(s))
	}
	pence, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	return notice.Pence(pounds*100 + pence), nil
}

// guessPounds reads what people write instead: "£10,000", "10k", "1.5m".
func guessPounds(s string) (notice.Pence, bool) {
	s = strings.NewReplacer(",", "", "_", "", " ", "", "gbp", "").Replace(strings.ToLower(s))
	m := loosePounds.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	zeros := map[string]int{"": 2, "k": 5, "m": 8, "bn": 11}[m[3]]
	fraction := m[2]
	if len(fraction) > zeros {
		return 0, false
	}
	pence, err := strconv.ParseInt(m[1]+fraction+strings.Repeat("0", zeros-len(fraction)), 10, 64)
	return notice.Pence(pence), err == nil && pence <= maxPounds*100
}

// MarshalJSON writes the band in pounds, {"min":10000,"max":1234.50}.
func (b Band) MarshalJSON() ([]byte, error) {
	var parts []string
	if b.Min != nil {
		parts = append(parts, `"min":`+b.Min.Decimal())
	}
	if b.Max != nil {
		parts = append(parts, `"max":`+b.Max.Decimal())
	}
	return []byte("{" + strings.Join(parts, ",") + "}"), nil
}

// UnmarshalJSON reads what MarshalJSON writes. It takes the digits as they
// stand: no amount passes through a float.
func (b *Band) UnmarshalJSON(data []byte) error {
	var ends struct{ Min, Max json.RawMessage }
	if err := json.Unmarshal(data, &ends); err != nil {
		return fmt.Errorf("value band: %w", err)
	}
	read := func(raw json.RawMessage) (*notice.Pence, error) {
		if len(raw) == 0 || string(raw) == "null" {
			return nil, nil
		}
		p, err := ParsePounds(string(raw))
		return &p, err
	}
	low, err := read(ends.Min)
	if err != nil {
		return fmt.Errorf("value.min: %w", err)
	}
	high, err := read(ends.Max)
	if err != nil {
		return fmt.Errorf("value.max: %w", err)
	}
	*b = Band{Min: low, Max: high}
	return nil
}

// MarshalJSON writes pounds, 1234.50.
func (p Pounds) MarshalJSON() ([]byte, error) { return []byte(notice.Pence(p).Decimal()), nil }

// UnmarshalJSON reads what MarshalJSON writes, from the digits.
func (p *Pounds) UnmarshalJSON(data []byte) error {
	pence, err := ParsePounds(string(data))
	*p = Pounds(pence)
	return err
}
