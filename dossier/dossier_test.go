package dossier

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/vocab"
)

var today = time.Date(2026, 6, 24, 9, 0, 0, 0, notice.London)

func say[T any](v T, pointer string) notice.Said[T] {
	return notice.Say(v, notice.Path{Release: "000001-2026", Pointer: pointer})
}

func pounds(n int64) notice.Said[notice.Pence] { return say(notice.Pence(n*100), "/value") }

func on(s string) notice.Said[notice.Moment] {
	var m notice.Moment
	if err := m.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return say(m, "/date")
}

func reserve(kind, text string) notice.Said[notice.Reservation] {
	return say(notice.Reservation{Kind: kind, Text: text}, "/reserved")
}

// base is a tender that says nothing but who buys what.
func base() *notice.Notice {
	return &notice.Notice{
		ID: "ocds-h6vhtk-0b0b0b", OCID: "ocds-h6vhtk-0b0b0b", Publisher: notice.FindATender, Stage: notice.StageTender, Type: say("UK4", "/type"),
		Title: say("Library vans", "/title"), Category: say("services", "/category"),
		Buyer: notice.Organisation{Name: say("Saltbourne Borough Council", "/buyer")}, Lots: []notice.Lot{{}},
		Releases: []notice.Published{{Identity: "000001-2026", Hash: "sha256:0", Date: today.AddDate(0, 0, -3), Tags: []string{"tender"}, Type: "UK4"}},
	}
}

// whole says all that a bidder looks for.
func whole() *notice.Notice {
	n := base()
	n.Regime, n.AboveThreshold, n.MethodText = say(notice.Act2023, "/r"), say(true, "/a"), say("Open procedure", "/m")
	n.Value = notice.Value{Net: pounds(600_000), Gross: pounds(720_000)}
	n.Deadline = notice.Deadline{Said: on("2026-07-24T12:00:00+01:00"), Kind: notice.DeadlineTender}
	n.Questions, n.Portal = on("2026-07-10T17:00:00+01:00"), say("https://tenders.example/1", "/portal")
	l := &n.Lots[0]
	l.CPV = []notice.Said[notice.Classification]{say(notice.Classification{Code: 92511000}, "/cpv")}
	l.Places = []notice.Said[notice.Place]{say(notice.Place{Text: "UKG24", Region: "TLG24"}, "/place")}
	l.Contract = notice.Period{Start: on("2027-04-01"), End: on("2030-03-31"), MaxExtent: on("2032-03-31")}
	l.SME = say(true, "/sme")
	l.Criteria = []notice.Said[notice.Criterion]{say(notice.Criterion{Kind: "quality", Weight: "35"}, "/c"), say(notice.Criterion{Kind: "quality", Name: "Social value", Weight: "25"}, "/c"), say(notice.Criterion{Kind: "price", Weight: "40"}, "/c")}
	return n
}

const unsaid = "The notice does not say what codes it falls under, what it is worth, where the work is, how long it runs, by when to bid, whom it suits, how tenders are weighed or where tenders are given in."

func TestSummary(t *testing.T) {
	const who = "Saltbourne Borough Council "
	cases := []struct {
		name   string
		notice func() *notice.Notice
		change func(n *notice.Notice)
		want   string // all of it, or the beginning where it ends with "…"
	}{
		{"nothing but a name", base, nil, who + "invites tenders for a contract for services: “Library vans”. " + unsaid},
		{"everything", whole, nil, who + "invites tenders for a contract for services: “Library vans”. It is run under the Procurement Act 2023, above the threshold; the procedure is “Open procedure”. " +
			"It is worth £600,000 without VAT (£720,000 with it), or £120,000 a year, computed over 5 years. The contract is to run for 3 years, from 1 April 2027 to 31 March 2030, and may be extended to 31 March 2032. " +
			"The work is in Staffordshire. Questions are answered until 10 July 2026, 17:00 (in 16 days). Tenders are due by 24 July 2026, 12:00 (in 30 days). The buyer says that it suits small and medium-sized enterprises. Tenders are weighed price 40 : quality 60."},
		{"late", whole, func(n *notice.Notice) { n.Deadline.Said, n.Questions = on("2026-06-23"), notice.Said[notice.Moment]{} },
			who + "invited tenders for a contract for services: “Library vans”. …Tenders were due by 23 June 2026 (yesterday). The buyer says that it suits small and medium-sized enterprises. Tenders were weighed price 40 : quality 60."},
		{"no category, no title, no buyer", base, func(n *notice.Notice) {
			n.Category, n.Title, n.Buyer = notice.Said[string]{}, notice.Said[string]{}, notice.Organisation{}
		}, "A buyer who is not named invites tenders for a contract. The notice does not say who the buyer is, …"},
		{"joint", base, func(n *notice.Notice) { n.Buyers = []notice.Organisation{{Name: say("Potterford City Council", "/b")}} },
			"Saltbourne Borough Council, together with Potterford City Council, invites tenders…"},
		{"UK1", base, func(n *notice.Notice) {
			n.Stage, n.Type, n.Future = notice.StagePipeline, say("UK1", "/t"), on("2026-09-01")
		},
			who + "has it in its pipeline to buy services: “Library vans”. The next notice is expected on 1 September 2026 (in 69 days). …"},
		{"UK2", base, func(n *notice.Notice) {
			n.Stage, n.Type = notice.StageEngagement, say("UK2", "/t")
			n.Deadline = notice.Deadline{Said: on("2026-06-25T17:00:00+01:00"), Kind: notice.DeadlineEngagement}
		}, who + "is talking to suppliers before inviting tenders for a contract for services: “Library vans”. The engagement ends on 25 June 2026, 17:00 (tomorrow). …"},
		{"UK3", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StagePlanned, say("UK3", "/t") },
			who + "plans to buy services: “Library vans”. …when the next notice comes or whom it suits."},
		{"framework", base, func(n *notice.Notice) {
			n.Framework, n.Value = say("framework agreement", "/f"), notice.Value{Net: pounds(5_000_000)}
		}, who + "invites tenders for a framework agreement for services: “Library vans”. All that is bought through it is put at up to £5,000,000 without VAT. …"},
		{"call-off", base, func(n *notice.Notice) { n.Direct = say("framework", "/d") }, who + "calls off a contract for services from a framework there is already: “Library vans”. …"},
		{"below the threshold, without competition", base, func(n *notice.Notice) { n.Direct = say("Below threshold - without competition", "/d") },
			who + "buys services: “Library vans”, without open competition. …"},
		{"UK5", base, func(n *notice.Notice) {
			n.Stage, n.Type, n.Regime = notice.StageAward, say("UK5", "/t"), say(notice.Act2023, "/r")
			n.Awards = []notice.Award{{ID: "1", Suppliers: []notice.Organisation{{Name: say("Paper Mill Ltd.", "/s")}}, Value: notice.Value{Net: pounds(90)}}}
		}, who + "intends to award a contract for services directly, without a competition: “Library vans”. It is run under the Procurement Act 2023. It is to go to Paper Mill Ltd. It is worth £90 without VAT. …"},
		{"UK6 pending", base, func(n *notice.Notice) {
			n.Stage, n.Type = notice.StageAward, say("UK6", "/t")
			n.Awards = []notice.Award{{ID: "1", Status: say("pending", "/p"), Suppliers: []notice.Organisation{{Name: say("Paper Mill Ltd", "/s")}, {Name: say("Quarry Books", "/s")}}}}
		}, who + "has decided to award a contract for services: “Library vans”. The suppliers are Paper Mill Ltd and Quarry Books. …"},
		{"UK7", base, func(n *notice.Notice) {
			n.Stage, n.Type = notice.StageAward, say("UK7", "/t")
			n.Awards = []notice.Award{{ID: "1", Suppliers: []notice.Organisation{{Name: say("Paper Mill Ltd", "/s")}}, Contracts: []notice.Contract{{ID: "1", Period: notice.Period{Start: on("2027-01-01"), End: on("2027-12-31")}}}}}
		}, who + "has signed a contract for services: “Library vans”. The supplier is Paper Mill Ltd. The contract runs from 1 January 2027 to 31 December 2027. …"},
		{"F03 that came to nothing", base, func(n *notice.Notice) {
			n.Stage, n.Type = notice.StageAward, say("F03", "/t")
			n.Awards = []notice.Award{{ID: "1", Status: say("unsuccessful", "/p")}}
		}, who + "has made no award in this procurement for services: “Library vans”. …"},
		{"UK9", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageContract, say("UK9", "/t") }, who + "reports how a contract is performed for services: “Library vans”. …"},
		{"UK10", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageContract, say("UK10", "/t") }, who + "changes a contract that is running for services: “Library vans”. …"},
		{"UK11", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageContract, say("UK11", "/t") }, who + "reports that a contract has ended for services: “Library vans”. …"},
		{"UK12", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageEnded, say("UK12", "/t") }, who + "has ended a procurement for services: “Library vans”."},
		{"cancelled", whole, func(n *notice.Notice) {
			n.Stage, n.Status = notice.StageEnded, say("cancelled", "/s")
			n.Regime, n.MethodText, n.AboveThreshold = notice.Said[notice.Regime]{}, notice.Said[string]{}, notice.Said[bool]{}
		}, who + "has cancelled a procurement for services: “Library vans”. It was worth £600,000 without VAT (£720,000 with it), or £120,000 a year, computed over 5 years. " +
			"The contract was to run for 3 years, from 1 April 2027 to 31 March 2030, and could have been extended to 31 March 2032. The work was to be in Staffordshire. The buyer said that it suited small and medium-sized enterprises."},
		{"UK13", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageMarket, say("UK13", "/t") }, who + "intends to set up a dynamic market for services: “Library vans”. …"},
		{"UK14", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageMarket, say("UK14", "/t") }, who + "has set up a dynamic market for services: “Library vans”. …"},
		{"UK15", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageMarket, say("UK15", "/t") }, who + "has changed its dynamic market for services: “Library vans”. …"},
		{"UK16", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageEnded, say("UK16", "/t") }, who + "has ended a dynamic market for services: “Library vans”."},
		{"UK17", base, func(n *notice.Notice) { n.Stage, n.Type = notice.StageOther, say("UK17", "/t") }, who + "reports how promptly it pays its suppliers; this is not a procurement."},
		{"lots", base, func(n *notice.Notice) {
			n.Lots = []notice.Lot{{ID: "1"}, {ID: "2", Status: say("cancelled", "/s")}, {ID: "3"}}
			n.MaxLotsBid, n.MaxLotsAwarded = say(2, "/b"), say(1, "/w")
		}, who + "invites tenders for a contract for services: “Library vans”. It is divided into 3 lots, of which 1 is withdrawn; a supplier may bid for 2 at most and win 1. …"},
		{"lots in the text", base, func(n *notice.Notice) { n.Lots = []notice.Lot{{ID: "~A", FromProse: 90}, {ID: "~B", FromProse: 90}} },
			who + "invites tenders for a contract for services: “Library vans”. The text divides it into 2 lots, lot A and lot B. …"},
		{"reserved", base, func(n *notice.Notice) {
			n.Lots[0].Reserved = []notice.Said[notice.Reservation]{reserve("smeVcse", "smeVcse"), reserve("location", "Norfolk"), reserve("location", "Suffolk")}
		}, who + "invites tenders for a contract for services: “Library vans”. Only small and medium-sized enterprises, or voluntary, community and social enterprises may take part. Only suppliers in Norfolk or Suffolk may take part. …"},
		{"one day", base, func(n *notice.Notice) {
			n.Lots[0].Contract = notice.Period{Start: on("2026-07-01"), End: on("2026-07-01")}
		},
			who + "invites tenders for a contract for services: “Library vans”. The contract is to run for 1 day, from 1 July 2026 to 1 July 2026. …"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := c.notice()
			if c.change != nil {
				c.change(n)
			}
			got := strings.Join(Of(n, Given{AsOf: today}).Summary, " ")
			rest := got
			parts := strings.Split(c.want, "…")
			for i, p := range parts {
				at := strings.Index(rest, p)
				if at < 0 || i == 0 && at > 0 || len(parts) == 1 && rest != p {
					t.Fatalf("got  %s\nwant %s", got, c.want)
				}
				rest = rest[at+len(p):]
			}
		})
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct{ start, end, most, want string }{
		{"2027-04-01T00:00:00+01:00", "2029-03-31T23:59:59+01:00", "2031-03-31T23:59:59+01:00", "2 years, up to 4 years with extensions"},
		{"2027-04-01", "2029-04-01", "", "2 years"},
		{"2026-10-01", "2027-03-31", "", "6 months"},
		{"2026-02-01", "2026-02-28", "", "1 month"},
		{"2026-01-01", "2027-06-30", "", "18 months"},
		{"2026-01-01", "2029-02-28", "", "3 years and 2 months"},
		{"2026-07-01", "2026-07-07", "", "7 days"},
		{"2026-07-01", "2026-07-01", "", "1 day"},
		{"2024-02-29", "2025-02-28", "", "1 year and 1 day"},
		{"2026-07-02", "2026-07-01", "", ""},
		{"2026-07-01", "", "2030-06-30", "up to 4 years with extensions"},
	} {
		p := notice.Period{Start: on(c.start)}
		if c.end != "" {
			p.End = on(c.end)
		}
		if c.most != "" {
			p.MaxExtent = on(c.most)
		}
		if got := length(p).Words; got != c.want {
			t.Errorf("%s to %s (%s) is %q, want %q", c.start, c.end, c.most, got, c.want)
		}
	}
	for days, want := range map[int]string{730: "2 years", 720: "720 days (24 months of 30 days)", 45: "45 days", 60: "60 days"} {
		if got := length(notice.Period{Days: say(days, "/d")}).Words; got != want {
			t.Errorf("%d days are %q, want %q", days, got, want)
		}
	}
}

func TestWorth(t *testing.T) {
	for amount, want := range map[int64]string{0: "under £1K", 999: "under £1K", 1000: "£1K–£10K", 9_999: "£1K–£10K", 10_000: "£10K–£100K", 999_999: "£100K–£1M",
		1_000_000: "£1M–£10M", 1_530_000: "£1M–£10M", 10_000_000: "£10M–£100M", 999_999_999: "£100M–£1B", 1_000_000_000: "£1B or more"} {
		if got := worth(notice.Value{Net: pounds(amount)}, Length{}).Band; got != want {
			t.Errorf("£%d is in %s, want %s", amount, got, want)
		}
	}
	for _, c := range []struct {
		net, gross int64
		want       string
	}{{1_530_000, 1_836_000, "20 %"}, {100, 100, "0 %"}, {8, 9, "12.5 %"}, {100, 1200, "the gross value is 12 times the net one"}, {5, 4, "the gross value is below the net one"}} {
		if got := vat(notice.Pence(c.net), notice.Pence(c.gross)); got != c.want {
			t.Errorf("%d and %d: %s, want %s", c.net, c.gross, got, c.want)
		}
	}
	v := notice.Value{Net: say(notice.Pence(1<<62), "/v")}
	if got := worth(v, length(notice.Period{Start: on("2027-01-01"), End: on("2028-12-31")})).Yearly.Amount; got <= 0 {
		t.Errorf("a year of a huge value is %d", got)
	}
	if got := worth(notice.Value{Net: pounds(12), PerYear: pounds(5)}, length(notice.Period{Start: on("2027-01-01"), End: on("2028-12-31")})).Yearly; got.Amount != 500 || got.Months != 0 {
		t.Errorf("a yearly value that is said reads %+v", got)
	}
	if got := worth(notice.Value{Net: pounds(5), Currency: say("EUR", "/c")}, Length{}); got.Words != "EUR 5 net" || got.Band != "under EUR 1K" {
		t.Errorf("euros read %+v", got)
	}
}

func TestWeights(t *testing.T) {
	c := func(kind, weight, unit string) notice.Said[notice.Criterion] {
		return say(notice.Criterion{Kind: kind, Weight: weight, Unit: unit}, "/c")
	}
	for _, x := range []struct {
		list []notice.Said[notice.Criterion]
		want string
	}{
		{[]notice.Said[notice.Criterion]{c("quality", "30", ""), c("price", "40", ""), c("quality", "30", "")}, "price 40 : quality 60"},
		{[]notice.Said[notice.Criterion]{c("quality", "62.5", ""), c("price", "37.5%", "")}, "price 37.5 : quality 62.5"},
		{[]notice.Said[notice.Criterion]{c("quality", "10", ""), c("price", "45", "")}, "price 45 : quality 10 (not 100 together)"},
		{[]notice.Said[notice.Criterion]{c("quality", "1", "order"), c("price", "2", "order")}, ""},
		{[]notice.Said[notice.Criterion]{c("quality", "40-60", ""), c("price", "40", "")}, ""},
		{nil, ""},
	} {
		if got := weights(x.list).Words; got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}

// hostile are titles that would be something else than text in Markdown.
var hostile = []string{
	"# a heading", "a\n# heading", "a\n\n## heading", "Setext\n======", "Setext\n---", "---", "***", "- item", "+ item", "* item", "1. item", "1) item", "> quote", "    code", "\tcode",
	"```\ncode\n```", "~~~\ncode", "`code`", "*em* _em_ **b** __b__ ~~s~~", "[link](https://evil.example)", "![image](https://evil.example/x.png)", "[ref]: https://evil.example", "[ref]",
	"<https://evil.example>", "https://evil.example", "www.evil.example", "WWW.evil.example", "ftp://evil.example", "mailto:a@evil.example", "a@evil.example", "<a@evil.example>", "<script>alert(1)</script>",
	"<!-- comment", "<b>bold</b>", "&lt;b&gt; &amp; &#35;", "a | b\n--- | ---\n1 | 2", "| a |", "a  \nb", "a\\", "\\# a", "[x] done", "- [ ] do", "[^1]", "[^1]: note", "$x$", ":smile:", "term\n: definition",
	"{#id}", "{{ template }}", "\"quotes\" 'single' -- --- ...", "(c) £5 £704,000", "12:00", "a ](x) b", "](javascript:alert(1))", "\x1b[31mred", "\u202Eturned\u200B", strings.Repeat("[", 200), strings.Repeat("*a", 200),
	"10. tenth", "1\\. a", "*", "_", "-", "+", "=", "#", "", " ",
}

// fill puts a text in every place of a notice in which a publisher's text may stand.
func fill(s string) *notice.Notice {
	n := whole()
	n.Title, n.Description, n.Texts = say(s, "/t"), say("intro\n\n"+s+"\n"+s, "/d"), []notice.Said[string]{say("more "+s, "/x")}
	n.MethodText, n.Portal = say("m "+s, "/m"), say("p "+s, "/p")
	n.Buyer.Name, n.Buyer.Email, n.Buyer.URL = say("b "+s, "/b"), say("e "+s, "/e"), say("u "+s, "/u")
	l := n.Lots[0]
	l.Title, l.ID = say("l "+s, "/l"), "1"
	l.Description = say("d "+s, "/ld")
	l.Criteria[0] = say(notice.Criterion{Kind: "quality", Name: "c " + s, Weight: "35"}, "/c")
	l.Conditions = []notice.Said[string]{say("k "+s, "/k")}
	other := l
	other.ID = "2"
	n.Lots = []notice.Lot{l, other}
	n.Documents = []notice.Document{{Type: "x", Title: "doc " + s, URL: say("a "+s, "/doc")}}
	n.Awards = []notice.Award{{ID: "1", Title: say("w "+s, "/w"), Suppliers: []notice.Organisation{{Name: say("s "+s, "/s")}}}}
	n.Issues = []notice.Issue{{Code: "x", Message: "i " + s}}
	return n
}

// skeleton is the kinds of a Markdown text's blocks and inlines, texts themselves left out.
func skeleton(markdown []byte) (kinds []string, shown string) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	var b strings.Builder
	ast.Walk(md.Parser().Parse(text.NewReader(markdown)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch x := n.(type) {
		case *ast.Text:
			b.Write(x.Segment.Value(markdown))
		case *ast.String:
			b.Write(x.Value)
		default:
			kinds = append(kinds, n.Kind().String())
		}
		return ast.WalkContinue, nil
	})
	return kinds, b.String()
}

// TestMarkdownIsText: what a publisher writes makes nothing but text.
func TestMarkdownIsText(t *testing.T) {
	allowed := map[string]bool{"Document": true, "Heading": true, "Paragraph": true, "List": true, "ListItem": true, "TextBlock": true, "Emphasis": true}
	for _, s := range hostile {
		var b bytes.Buffer
		d := Of(fill(s), Given{AsOf: today})
		if err := d.WriteMarkdown(&b); err != nil {
			t.Fatal(err)
		}
		kinds, _ := skeleton(b.Bytes())
		headings, strong, rows := 0, 0, 0
		for _, k := range kinds {
			if !allowed[k] {
				t.Errorf("%q makes a %s\n%s", s, k, grep(b.String(), s))
			}
			switch k {
			case "Heading":
				headings++
			case "Emphasis":
				strong++
			}
		}
		for _, sec := range d.Sections() {
			for _, r := range sec.Rows {
				if r.Label != "" {
					rows++
				}
			}
		}
		if want := len(d.Sections()) + 1; headings != want {
			t.Errorf("%q makes %d headings of %d", s, headings, want)
		}
		if strong != rows {
			t.Errorf("%q makes %d emphasised labels of %d", s, strong, rows)
		}
		if strings.ContainsAny(b.String(), "\x1b\u202E\u200B") {
			t.Errorf("%q leaves control characters", s)
		}
	}
}

func grep(text, s string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "doc") {
			return line
		}
	}
	return s
}

// FuzzEscape: escaped text is one paragraph of text wherever it stands, and says what it said.
func FuzzEscape(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped := Escape(s)
		if strings.ContainsAny(escaped, "\n\r") {
			t.Fatalf("%q is escaped to several lines", s)
		}
		if Line(s) == "" {
			return
		}
		for _, frame := range []string{"%s\n", "- %s\n", "- **x:** %s\n", "# %s\n"} {
			kinds, _ := skeleton(fmt.Appendf(nil, frame, escaped))
			plain, _ := skeleton(fmt.Appendf(nil, frame, "x"))
			if !reflect.DeepEqual(kinds, plain) {
				t.Fatalf("%q as %q in %q makes %v", s, escaped, frame, kinds)
			}
		}
	})
}

// TestLinks: an address is a link, anything else is text.
func TestLinks(t *testing.T) {
	for s, want := range map[string]bool{
		"https://tenders.example/1?id=2": true, "http://tenders.example": true, "javascript:alert(1)": false, "https://a.example/<b>": false,
		"https://a b": false, "tenders.example": false, "https://user:pw@a.example": false, "ftp://a.example": false, "https://": false, "data:text/html,x": false,
	} {
		if got := Address(s) != ""; got != want {
			t.Errorf("Address(%q) is %v", s, got)
		}
	}
}

// TestLocality: where the buyer's postcode lies is shown when a directory knows it, and how to come by one when none does.
func TestLocality(t *testing.T) {
	n := whole()
	n.Buyer.Postcode = say("ZZ1 1ZZ", "/parties/0/address/postalCode")
	page := func(place vocab.Place) string {
		var b bytes.Buffer
		d := Of(n, Given{AsOf: today, Locality: func(string) (vocab.Place, bool) { return place, true }})
		if err := d.WriteMarkdown(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	known := page(vocab.Place{Postcode: "ZZ1 1ZZ", Exact: true, LocalAuthority: vocab.Named{Code: "E07000999", Name: "Saltbourne"}, Ward: vocab.Named{Code: "E05000999"}})
	for _, want := range []string{"**local authority:** Saltbourne (E07000999)", "**ward:** E05000999", "**constituency:** Not specified"} {
		if !strings.Contains(known, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if unknown := page(vocab.Place{Postcode: "ZZ1"}); !strings.Contains(unknown, "**ward:** Not known; import a postcode directory") {
		t.Errorf("the page does not say how a ward becomes known")
	}
}

// TestJSON: the struct goes out in lowerCamelCase with the notice in it, and nothing is null.
func TestJSON(t *testing.T) {
	d := Of(whole(), Given{AsOf: today, Changes: map[string][]changes.Change{}})
	b, err := json.Marshal(d, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"summary":[`, `"stage":{"stage":"tender"`, `"band":"£100K–£1M"`, `"weights":{`, `"words":"price 40 : quality 60"`, `"notice":{"id":"ocds-h6vhtk-0b0b0b"`, `"reached":[{`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s is not in %s", want, b)
		}
	}
	if bytes.Contains(b, []byte(`:null`)) {
		t.Errorf("a null is in %s", b)
	}
}

// TestForms: every kind of notice that the projection gives has a name, a meaning and a stage.
func TestForms(t *testing.T) {
	for i := 1; i <= 17; i++ {
		if f := FormOf(fmt.Sprintf("UK%d", i)); f.Name == "" || f.Means == "" || f.stage == "" {
			t.Errorf("UK%d: %+v", i, f)
		}
	}
	for _, i := range []int{1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25} {
		if f := FormOf(fmt.Sprintf("F%02d", i)); f.Name == "" {
			t.Errorf("F%02d has no name", i)
		}
	}
	for code, f := range forms {
		if f.Code != code {
			t.Errorf("%s calls itself %s", code, f.Code)
		}
	}
	if f := FormOf("X9"); f.Code != "X9" || f.Name != "" {
		t.Errorf("an unknown type reads %+v", f)
	}
}

// Every date has a kind for programs, and those to keep are told from those to know of.
func TestDateKinds(t *testing.T) {
	n := whole()
	n.Opens, n.AwardBy, n.Future = on("2026-06-20"), on("2026-09-01"), on("2026-06-21")
	n.OtherDeadline = notice.Deadline{Said: on("2026-07-01"), Kind: notice.DeadlineInterest}
	n.Milestones = []notice.Milestone{
		{ID: "7", Title: say("Open day", "/m/0"), Due: on("2026-07-02"), Met: on("2026-07-03")}, {Kind: "futureSignatureDate", Due: on("2026-10-01")},
	}
	read := func(s string, k notice.EventKind) notice.Read[notice.Event] {
		e := notice.Read[notice.Event]{Confidence: 80}
		e.Value, e.At = notice.Event{When: on(s).Value, Kind: k}, notice.Path{Release: "000001-2026", Pointer: "/text/" + s}
		return e
	}
	n.Readings.Events = []notice.Read[notice.Event]{read("2026-07-04", notice.EventVisit), read("2026-07-24", notice.EventSubmission), read("2026-09-02", notice.EventAward)}
	due := map[string]bool{
		"questions": true, "deadline/tender": true, "deadline/expressionOfInterest": true, "milestone/7": true, "visit": true,
		"opens": false, "award-by": false, "next-notice": false, "milestone/7/met": false, "milestone/futureSignatureDate": false, "text-award": false,
	}
	seen := map[string]bool{}
	for _, d := range Dates(n, today) {
		seen[d.Kind] = true
		if want, ok := due[d.Kind]; d.Kind == "" || ok && d.Due != want {
			t.Errorf("%s is %q, due %v", d.What, d.Kind, d.Due)
		}
	}
	for kind := range due {
		if !seen[kind] {
			t.Errorf("nothing is %s", kind)
		}
	}
	n.Stage = notice.StagePlanned
	for _, d := range Dates(n, today) {
		if d.Kind == "next-notice" && !d.Due {
			t.Error("the tender of a planned procurement is to be looked out for")
		}
	}
}
