package profiles

import (
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Check holds the same rules against profiles built in code, where no reader stood in between.
func TestCheck(t *testing.T) {
	if err := trentProfile().Check(); err != nil {
		t.Errorf("a good profile is refused: %v", err)
	}
	for _, c := range []struct {
		name   string
		change func(*Profile)
		want   string
	}{
		{"no id", func(p *Profile) { p.ID = "" }, "id: missing"},
		{"dot", func(p *Profile) { p.ID = "." }, `id: "." is a folder`},
		{"long id", func(p *Profile) { p.ID = strings.Repeat("a", 65) }, "is not an id"},
		{"id with a line end", func(p *Profile) { p.ID = "a\n" }, "is not an id"},
		{"padded name", func(p *Profile) { p.Name = " A" }, `name: " A" has blanks around it`},
		{"name of two lines", func(p *Profile) { p.Name = "A\nB" }, "invisible character U+000A"},
		{"lost letters", func(p *Profile) { p.Name = "Caf\xe9" }, "U+FFFD"},
		{"long description", func(p *Profile) { p.Description = strings.Repeat("x", 20_001) }, "description:"},
		{"bell in description", func(p *Profile) { p.Description = "a\ab" }, "U+0007"},
		{"nothing to match by", func(p *Profile) { p.Keywords, p.CPV, p.Description = nil, nil, "" }, "nothing to match by"},
		{"unknown code", func(p *Profile) { p.CPV = []cpv.Code{85312301} }, `cpv: "85312301" is not a CPV code`},
		{"publishers' spelling", func(p *Profile) { p.Regions = []itl.Region{"UKG2"} }, `regions: "UKG2" is called TLG2 here`},
		{"no region", func(p *Profile) { p.Regions = []itl.Region{""} }, "regions: "},
		{"negative", func(p *Profile) { p.Value.Min = new(notice.Pence(-1)) }, "value.min: -£0.01"},
		{"base", func(p *Profile) { p.Base = "UKG2" }, `base: "UKG2" is called TLG2 here`},
		{"base of no place", func(p *Profile) { p.Base = itl.England }, "base: England is no place to be based in"},
		{"base of nowhere", func(p *Profile) { p.Base = "Atlantis" }, `base: "Atlantis"`},
		{"turnover", func(p *Profile) { p.Turnover = new(Pounds(-1)) }, "turnover: -£0.01 is no turnover of a year"},
		{"insurance", func(p *Profile) { p.Insurance = map[string]Pounds{"public": -1} }, "insurance.public: -£0.01 is no cover"},
		{"kind of insurance", func(p *Profile) { p.Insurance = map[string]Pounds{"fire": 1} }, `insurance: "fire" is no kind of insurance`},
		{"criterion", func(p *Profile) { p.Weights = map[string]int{"price": 1} }, `weights: "price" is no criterion`},
		{"weight", func(p *Profile) { p.Weights = map[string]int{"buyer": -1} }, "weights.buyer: -1 is outside"},
		{"lead days", func(p *Profile) { p.LeadDays = -1 }, "leadDays: -1 is outside"},
		{"stop words", func(p *Profile) { p.Keywords = []string{"the"} }, `keywords: "the" cannot be looked for`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := trentProfile()
			c.change(&p)
			err := p.Check()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestErrorsAreCutShort(t *testing.T) {
	p := trentProfile()
	for range 30 {
		p.Certifications = append(p.Certifications, "")
	}
	got := p.Check().Error()
	if lines := strings.Split(got, "\n"); len(lines) != 21 || lines[20] != "… and 10 more" {
		t.Errorf("got %d lines ending %q", len(lines), lines[len(lines)-1])
	}
}

func TestNearest(t *testing.T) {
	names := []string{"id", "name", "description", "keywords", "exclude", "cpv", "regions", "value", "leadDays", "certifications"}
	for written, want := range map[string]string{
		"keyword": "keywords", "Keywords": "keywords", "exclusions": "exclude", "excluded": "exclude", "region": "regions", "lead_days": "leadDays",
		"leaddays": "leadDays", "cpvs": "cpv", "desc": "description", "accreditation": "", "x": "", "turnover": "", "certification": "certifications",
		strings.Repeat("k", 1000): "",
	} {
		if got := nearest(written, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", written, got, want)
		}
	}
}
