package itl

import "testing"

func TestParse(t *testing.T) {
	for s, want := range map[string]Region{
		"TLG2": "TLG2", "UKG2": "TLG2", "ukg24": "TLG24", " UKI ": "TLI", "UK": "UK", "uk": "UK",
		"UKK21": "TLK24", "UKN10": "TLN0A", "UKN16": "TLN0G", "UKH14": "TLH14", "UKM24": "TLM91", "UKD43": "Lancashire CC",
		"Any region": "UK", "United Kingdom": "UK", "GB": "UK", "england": "England", "England and Wales": "England and Wales",
		"Great Britain": "Great Britain", "Scotland": "TLM", "N. Ireland": "TLN", "Wales": "TLL", "Cymru": "TLL",
		"Yorkshire and the Humber": "TLE", "Yorkshire & Humber": "TLE", "Yorkshire": "TLE", "EAST OF ENGLAND": "TLH",
		"East (England)": "TLH", "West Midlands": "TLG", "West Midlands (England)": "TLG", "Greater London": "TLI",
		"Shropshire and Staffordshire": "TLG2", "Staffordshire CC": "TLG24", "Staffordshire County Council": "TLG24",
		"Staffordshire": "Staffordshire", "Kent": "TLJ4", "Essex": "TLH3", "Greater Manchester": "TLD3", "West Yorkshire": "TLE4",
		"Somerset": "TLK62", "Cornwall": "TLK3", "Lincolnshire": "TLF3", "Suffolk": "TLH6", "North Yorkshire": "TLE2",
		"Angus": "TLM03", "Edinburgh": "TLM13", "Glasgow": "TLM32", "Hammersmith & Fulham": "TLI33", "Throughout Scotland.": "TLM",
		"Pan-Wales": "TLL", "Kingston upon Hull": "TLE11", "Dundee City Council Area": "TLM03", "City and County of Swansea": "TLL43",
		"City of London": "TLI35", "London Borough of Newham": "TLI41", "Herefordshire": "TLG11", "St Helens": "TLD71",
		"Shropshire and Staffordshire (TLG2)": "TLG2",
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", s, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for s, want := range map[string]string{
		"":                `no region is given; write UK, a nation, an ITL code such as TLG2, or its name`,
		"TL":              `"TL" is Timor-Leste, not a region of the UK; the whole country is written UK`,
		"FR":              `"FR" is not a region of the UK; write UK, a nation, an ITL code such as TLG2, or its name`,
		"TLG9":            `"TLG9" is not a region of the UK; did you mean West Midlands (England) (TLG)?`,
		"Stafordshire":    `"Stafordshire" is not a region of the UK; did you mean Staffordshire?`,
		"Ireland":         `"Ireland" is not a region of the UK; write UK, a nation, an ITL code such as TLG2, or its name`,
		"Channel Islands": `"Channel Islands" is not a region of the UK; write UK, a nation, an ITL code such as TLG2, or its name`,
	} {
		got, err := Parse(s)
		if err == nil {
			t.Errorf("Parse(%q) = %q; want an error", s, got)
		} else if err.Error() != want {
			t.Errorf("Parse(%q):\n got %v\nwant %s", s, err, want)
		}
	}
}
