package prose

import (
	"fmt"
	"strings"
	"testing"
)

// said writes the mentions of a text: kind, name, pounds, whether only wanted.
func said(text string) string {
	var list []string
	for _, f := range Read(text).Mentions() {
		s := string(f.Value.Kind)
		if f.Value.Name != "" {
			s += " " + f.Value.Name
		}
		if f.Value.Amount != nil {
			s += fmt.Sprintf(" £%d", *f.Value.Amount/100)
		}
		if f.Value.Wanted {
			s += " (wanted)"
		}
		list = append(list, s)
	}
	return strings.Join(list, "; ")
}

func TestMentions(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// certificates
		{"must hold ISO 9001 and ISO/IEC 27001:2022", "certification ISO 9001; certification ISO 27001"},
		{"BS EN ISO9001:2015 (or equivalent)", "certification ISO 9001"},
		{"ISO 9001, 14001 and 45001", "certification ISO 9001; certification ISO 14001; certification ISO 45001"},
		{"in accordance with BS ENrn ISO 14001", "certification ISO 14001"},
		{"BS OHSAS 18001:2007", "certification OHSAS 18001"},
		{"alarms to BS 5839-1, wiring to BS 7671:2018, paint to BS 4800", "certification BS 5839; certification BS 7671"},
		{"a fictional ISO 4711 certificate. Bolts to ISO 4014", "certification ISO 4711"},
		{"PAS 91 questionnaire", "certification PAS 91"},
		{"a course of ISO 9001 awareness training", ""},
		{"the Isolation of bs 5839 pas 91", ""},
		{"Cyber Essentials Plus certificate; Cyber Essentials", "certification Cyber Essentials Plus; certification Cyber Essentials"},
		{"Constructionline Gold, or FORS Silver", "certification Constructionline Gold; certification FORS Silver"},
		{"This is also advertised on Constructionline", ""},
		{"CHAS, SafeContractor or another SSIP scheme", "certification CHAS; certification SafeContractor; certification SSIP"},
		{"Gas Safe registered, NICEIC approved", "certification Gas Safe; certification NICEIC"},
		{"registered with the CQC and rated good by Ofsted", "certification CQC; certification Ofsted"},
		{"The CQC is a neighbour", ""},
		{"Accreditation with the Anytown Association of Painters is mandatory", "certification Anytown Association of Painters"},
		{"Bidders must be members of the Guild of Painters", "certification Guild of Painters"},
		{"A member of the Anytown Council will meet members of the public", ""},
		{"Please state your position on the Real Living Wage", ""},
		{"PCI DSS, the Data Security and Protection Toolkit", "certification PCI DSS; certification NHS DSPT"},
		{"Disability Confident, Investors in People, the Real Living Wage and the Matrix Standard",
			"certification Disability Confident; certification Investors in People; certification Living Wage; certification Matrix Standard"},
		{"ISO 14001 is desirable", "certification ISO 14001 (wanted)"},
		{"ISO 14001 would be an advantage. ISO 9001 is required.", "certification ISO 14001 (wanted); certification ISO 9001"},
		{"the most economically advantageous tender with ISO 9001", "certification ISO 9001"},

		// insurance
		{"£5m public liability", "insurance public liability £5000000"},
		{"Employers Liability of not less than £10,000,000", "insurance employers' liability £10000000"},
		{"professional indemnity: £2 million for each claim", "insurance professional indemnity £2000000"},
		{"Employer’s (Compulsory) Liability Insurance = 5 million GBP\nPublic Liability Insurance = GBP 10 000 000",
			"insurance employers' liability £5000000; insurance public liability £10000000"},
		{"employers' liability and public liability insurances of £5 million", "insurance employers' liability £5000000; insurance public liability £5000000"},
		{"Public and Products Liability - 1 million GBP", "insurance public liability £1000000; insurance product liability £1000000"},
		{"minimum £5m public liability and £1m professional indemnity insurance", "insurance public liability £5000000; insurance professional indemnity £1000000"},
		{"Employers Liability Insurance - 5 million", "insurance employers' liability £5000000"},
		{"turnover as in 4B.1.1 at least; public liability insurance as in 4B.5.2 must be held", "insurance public liability"},
		{"must have public liability insurance", "insurance public liability"},
		{"Cyber insurance of £1m; medical malpractice of £10m", "insurance cyber £1000000; insurance medical malpractice £10000000"},
		{"a broker for public liability", ""},
		{"Insurances are to be held:\nEmployers' Liability Insurance = as the law has it\nPublic Liability = [5,000,000] GBP", "insurance employers' liability; insurance public liability £5000000"},
		{"Contractors' All Risks Cover = 1M GBP; motor vehicle insurance of £5m", "insurance contract works £1000000; insurance motor £5000000"},
		{"Works Insurance equal to the contract sum", "insurance contract works"},
		{"The supplier must maintain appropriate insurance and keep the law", "insurance"},
		{"must hold appropriate insurance, with £5m of public liability", "insurance public liability £5000000"},
		{"Insurance broker; suitable insurance provider; a works contract; motor fleet", ""},
		{"public buildings, product design, professional services, employers", ""},

		// turnover
		{"a minimum annual turnover of £1m", "turnover £1000000"},
		{"Bidders must turn in a yearly turnover of 200,000 GBP", "turnover £200000"},
		{"turnover must be at least twice the value of the lot", "turnover"},
		{"a commercial organisation with a turnover of more than £36 million must publish", ""},
		{"staff turnover must be low; Debtors Turnover Ratio", ""},

		// staff
		{"TUPE may apply.", "tupe"},
		{"The Transfer of Undertakings (Protection of Employment) Regulations will apply", "tupe"},
		{"TUPE does not apply", ""},
		{"It is not thought that TUPE is likely; TUPE is unlikely to apply", ""},
		{"tupelo honey", ""},

		// clearance
		{"SC cleared staff with BPSS", "clearance SC; clearance BPSS"},
		{"security clearance to DV level", "clearance DV"},
		{"hold CTC clearance and NPPV Level 3", "clearance CTC; clearance NPPV 3"},
		{"an enhanced DBS check", "clearance enhanced DBS"},
		{"(SC Ref:123456), sc cleared, dry blood spot (DBS) sample", ""},
		{"security cleared people preferred", "clearance security clearance (wanted)"},
		{"DBS checks are not required", ""},

		// presence
		{"Suppliers must be based in Norfolk", "presence Norfolk"},
		{"The contractor must have an office within 30 miles of Market Town, Anyshire", "presence 30 miles of Market Town, Anyshire"},
		{"reserved for suppliers located within the United Kingdom only", "presence United Kingdom"},
		{"Bidders must read the documents located within the Portal", ""},
		{"suppliers need not be based in Norfolk", ""},
		{"The school is based in Norfolk", ""},

		// frameworks
		{"The Council wishes to establish a multi-supplier Framework Agreement for paint", "framework framework"},
		{"is setting up a Dynamic Purchasing System (DPS)", "framework dynamic market"},
		{"establish a Dynamic Market", "framework dynamic market"},
		{"was established under the framework; a reporting framework", ""},
		{"award a contract or conclude a framework agreement", ""},
		{"Call-off from ESPO Framework 999_1", "callOff ESPO Framework 999_1"},
		{"Direct Award under RM9999 Lot 3", "callOff RM9999 Lot 3"},
		{"Further competition via the Anytown Paint Framework for schools", "callOff Anytown Paint Framework"},
		{"All call-offs under this framework will be awarded", ""},
		{"Call-off contracts may be awarded to suppliers appointed to the Open Framework", ""},

		// incumbents
		{"The current provider is Acme Widgets Ltd, who", "incumbent Acme Widgets Ltd"},
		{"The service is currently delivered by Ladders & Sons. It", "incumbent Ladders & Sons"},
		{"an existing contract with Ladders & Sons until May", "incumbent Ladders & Sons"},
		{"As Acme is the incumbent provider and knows", "incumbent Acme"},
		{"The existing provider serves the town well", "incumbent"},
		{"Our current agreement will expire in May", "incumbent"},
		{"the current contract is for three years; there is no existing provider; existing providers may bid", ""},
		{"the supply of goods by the existing supplier as a partial replacement", ""},
		{"the incumbent supplier has agreed", "incumbent"},
		{"currently supplied to staff; there are no incumbent staff", ""},
	} {
		if got := said(c.text); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestMentionOnce gives the same value at its first place alone.
func TestMentionOnce(t *testing.T) {
	text := "ISO 9001. £5m public liability. ISO 9001 again. £5m public liability, £10m public liability."
	if got, want := said(text), "certification ISO 9001; insurance public liability £5000000; insurance public liability £10000000"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if f := Read(text).Mentions()[0]; text[f.Start:f.End] != "ISO 9001" || f.Start != 0 || f.Confidence != 95 {
		t.Errorf("the first mention is %+v", f)
	}
}

// TestTriggers holds that every first word of a certificate is read, and that triggers are looked up as they are written.
func TestTriggers(t *testing.T) {
	for w := range triggers {
		if small(w) != w {
			t.Errorf("%q is never found", w)
		}
	}
	for w := range certificates {
		if triggers[w] == nil {
			t.Errorf("certificates that start with %q are never read", w)
		}
	}
}
