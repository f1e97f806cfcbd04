package prose

import (
	"testing"

	"bidfit/notice"
)

func TestLinks(t *testing.T) {
	type link struct {
		url  string
		lead notice.LinkFor
	}
	for _, c := range []struct {
		text string
		want []link
	}{
		{"Apply at https://www.delta-esourcing.com/respond/AB12.", []link{{"https://www.delta-esourcing.com/respond/AB12", notice.LinkPortal}}},
		{"on In-Tend (www.in-tendhost.co.uk/anytown), or in-tendhost.co.uk/anytown/aspx/Home;", []link{
			{"https://www.in-tendhost.co.uk/anytown", notice.LinkPortal}, {"https://in-tendhost.co.uk/anytown/aspx/Home", notice.LinkPortal}}},
		{"HTTP://Procontract.Due-North.com/Advert?advertId=1&amp;b=2rn Next", []link{{"http://procontract.due-north.com/Advert?advertId=1&b=2", notice.LinkPortal}}},
		{"see http://www.sell2wales.gov.wales/search/search_switch.aspx?ID=1rnrnSuppliers", []link{{"http://www.sell2wales.gov.wales/search/search_switch.aspx?ID=1", notice.LinkNotice}}},
		{"www.publiccontractsscotland.gov.uk/rn and more", []link{{"https://www.publiccontractsscotland.gov.uk/", notice.LinkPortal}}},
		{"[https://anytown.ukp.app.jaggaer.com/]", []link{{"https://anytown.ukp.app.jaggaer.com/", notice.LinkPortal}}},
		{"https://atamis-1.my.site.com/s/Welcome", []link{{"https://atamis-1.my.site.com/s/Welcome", notice.LinkPortal}}},
		{"https://www.find-tender.service.gov.uk/Notice/000001-2026?origin=Dashboard", []link{{"https://www.find-tender.service.gov.uk/Notice/000001-2026?origin=Dashboard", notice.LinkNotice}}},
		{"https://www.gov.uk/find-tender", []link{{"https://www.gov.uk/find-tender", notice.LinkNotice}}},
		{"https://www.contractsfinder.service.gov.uk/notice/1", []link{{"https://www.contractsfinder.service.gov.uk/notice/1", notice.LinkNotice}}},
		{"Fill in https://forms.office.com/e/AbC1 by Friday", []link{{"https://forms.office.com/e/AbC1", notice.LinkRegister}}},
		{"Register for the event here: https://www.example.org/day", []link{{"https://www.example.org/day", notice.LinkRegister}}},
		{"Our school: https://www.example.org/about_(us)?", []link{{"https://www.example.org/about_(us)", notice.LinkOther}}},
		{"http//www.example.org/x lacks its colon", []link{{"https://www.example.org/x", notice.LinkOther}}},
		{"https://www.example.org/a–b", []link{{"https://www.example.org/a", notice.LinkOther}}},
		{"https://www.example.org/a&nbsp;b", []link{{"https://www.example.org/a", notice.LinkOther}}},
		{`<a href="https://www.example.org/">x</a>`, []link{{"https://www.example.org/", notice.LinkOther}}},
		{"torn https://www.example.org/rn", []link{{"https://www.example.org/", notice.LinkOther}}},
		{"anytown.gov.uk and example.com/path, not Example.com", []link{{"https://anytown.gov.uk", notice.LinkOther}, {"https://example.com/path", notice.LinkOther}}},
		{"https://https://www.example.org", []link{{"https://www.example.org", notice.LinkOther}}},

		{"write to tenders@anytown.gov.uk or mailto:x@www.example.org", nil},
		{"javascript:www.example.org/alert(1), ftp://www.example.org, file://www.example.org", nil},
		{"https://user:secret@www.example.org/", nil},
		{"https://localhost/ http:// www. https://a", nil},
		{"ASP.net, Node.js, 3.5m, e.g. this. That, St.Helens, No.Other", nil},
		{"https://192.168.0.1/", nil},
		{"", nil},
	} {
		found := Read(c.text).Links()
		if len(found) != len(c.want) {
			t.Errorf("%q: %+v, want %v", c.text, found, c.want)
			continue
		}
		for i, f := range found {
			if f.Value.URL != c.want[i].url || f.Value.For != c.want[i].lead {
				t.Errorf("%q is %s (%s), want %s (%s)", c.text, f.Value.URL, f.Value.For, c.want[i].url, c.want[i].lead)
			}
		}
	}
}

func TestLinkConfidence(t *testing.T) {
	for text, want := range map[string]int{"https://example.org/": 95, "www.example.org": 90, "example.org": 80} {
		found := Read("see " + text + ".").Links()
		if len(found) != 1 || found[0].Confidence != want || found[0].Start != 4 || found[0].End != 4+len(text) {
			t.Errorf("%s: %+v, want a confidence of %d", text, found, want)
		}
	}
}
