package ocds

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"bidfit/notice"
)

// contractRelease writes a release about one contract, of a type.
func contractRelease(n int, tag, noticeType, contract, more string) string {
	release := strings.Replace(actRelease(n, tag, "UK7", "", more), `"contracts":[{"id":"1","awardID":"1",`, `"contracts":[{"id":"1","awardID":"1",`+contract+`,`, 1)
	return strings.Replace(release, `"UK7"`, strconv.Quote(noticeType), 1)
}

// theContract is the one contract of a notice.
func theContract(t *testing.T, n *notice.Notice) notice.Contract {
	t.Helper()
	if len(n.Awards) != 1 || len(n.Awards[0].Contracts) != 1 {
		t.Fatalf("awards %+v", n.Awards)
	}
	return n.Awards[0].Contracts[0]
}

// told compares what a notice says with what its releases said, fact by fact.
func told(t *testing.T, facts [][2]any) {
	t.Helper()
	for _, f := range facts {
		if got, want := fmt.Sprint(f[0]), fmt.Sprint(f[1]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestContractLife follows a contract from its details to its termination.
func TestContractLife(t *testing.T) {
	details := contractRelease(1, "award contract", "UK7", `"status":"active","title":"Grass","dateSigned":"2026-02-01","value":{"amount":90000,"amountGross":108000,"currency":"GBP"},
		"period":{"startDate":"2026-03-01","endDate":"2028-02-29"},"hasRenewal":true,"renewal":{"description":"Two more years"},"hasOptions":false,
		"milestones":[{"id":"m","type":"delivery","title":"First mowing","dueDate":"2026-04-01","status":"scheduled"}],
		"agreedMetrics":[{"id":"k1","title":"Lawns in time","description":"95 % or more","observations":[{"id":"frequency","period":{"durationInMonths":3}}]}]`, "")
	payment := contractRelease(2, "implementation", "UK8", `"implementation":{"transactions":[{"id":"p1","date":"2026-05-05","value":{"amount":31000,"currency":"GBP"},
		"payer":{"id":"b","name":"Example Borough Council"},"payee":{"id":"s","name":"Nib Works Ltd"}}]}`, "")
	performance := func(n int, measure, rating string) string {
		return contractRelease(n, "implementation", "UK9", fmt.Sprintf(`"implementation":{"metrics":[{"id":"k1","title":"Lawns in time","observations":[{"id":"%d","measure":%q,
			"measureClassification":{"id":%q,"description":"As it was"},"period":{"startDate":"2026-03-01","endDate":"2026-05-31"}}]}]}`, n, measure, rating), "")
	}
	change := contractRelease(5, "contractAmendment", "UK10", `"amendments":[{"id":"000005-2026","date":"2026-06-01","description":"More lawns","rationale":"The park grew",
		"rationaleClassifications":[{"id":"additionalGoodsServicesWorks"}]}],
		"proposedAmendments":[{"id":"000005-2026","date":"2026-09-01","rationale":"It grows on","standstill":true,"value":{"amount":120000,"currency":"GBP"},"period":{"endDate":"2029-02-28"}}]`, "")
	end := contractRelease(6, "contractTermination", "UK11", `"status":"terminated","statusDetails":"No mower came","terminationRationaleClassifications":[{"id":"breachOfContract"}],
		"implementation":{"endDate":"2026-07-01T00:00:00+01:00","finalValue":{"amount":40000,"currency":"GBP"},"performanceFailures":[{"id":"1","category":"Breach of contract","requirement":"Mow weekly",
		"description":"Nobody mowed","penaltyDate":"2026-07-02","period":{"startDate":"2026-06-01"},"suppliers":[{"id":"GB-COH-01234567","name":"Nib Works Ltd"}]}]}`,
		`,"parties":[{"id":"GB-COH-01234567","name":"Nib Works Ltd","roles":["supplier"]}]`)
	n := projectOne(t, details, payment, performance(3, "96%", "met"), performance(4, "80%", "slightlyBelow"), change, end)
	c := theContract(t, n)
	if len(c.Milestones) != 1 || len(c.Agreed) != 1 || len(c.Payments) != 1 || len(c.Metrics) != 1 || len(c.Metrics[0].Observations) != 2 ||
		len(c.Amendments) != 1 || len(c.Proposed) != 1 || len(c.Failures) != 1 || len(c.Grounds) != 1 {
		t.Fatalf("contract %+v", c)
	}
	observed, failure := c.Metrics[0].Observations, c.Failures[0]
	told(t, [][2]any{
		{n.Stage, notice.StageContract}, {n.Type.Value, "UK11"},
		{c.Title.Value, "Grass"}, {c.Status.Value, "terminated"}, {c.Reason.Value, "No mower came"}, {c.Signed.Value, "2026-02-01"},
		{c.Value.Gross.Value, "£108,000"}, {c.Period.End.Value, "2028-02-29"}, {c.Renewal.Value, "Two more years"}, {c.Options.Value, "no"},
		{c.Milestones[0].Title.Value, "First mowing"}, {c.Milestones[0].Due.Value, "2026-04-01"}, {c.Milestones[0].Kind, "delivery"},
		{c.Agreed[0].Description.Value, "95 % or more"}, {c.Agreed[0].Observations[0].Months.Value, 3},
		{c.Payments[0].Value.Net.Value, "£31,000"}, {c.Payments[0].To.Value, "Nib Works Ltd"}, {c.Payments[0].Date.Value, "2026-05-05"},
		{observed[0].Measure.Value, "96%"}, {observed[1].Measure.Value, "80%"}, {observed[1].Rating.Value, "slightlyBelow"}, {observed[1].Period.End.Value, "2026-05-31"},
		{c.Amendments[0].Description.Value, "More lawns"}, {c.Amendments[0].Rationale.Value, "The park grew"}, {c.Amendments[0].Grounds[0].Value, "additionalGoodsServicesWorks"},
		{c.Proposed[0].Value.Net.Value, "£120,000"}, {c.Proposed[0].Standstill.Value, true}, {c.Proposed[0].Period.End.Value, "2029-02-28"},
		{c.Ended.Value, "2026-07-01T00:00:00+01:00"}, {c.Grounds[0].Value, "breachOfContract"}, {c.FinalValue.Net.Value, "£40,000"},
		{failure.Category.Value, "Breach of contract"}, {failure.Requirement.Value, "Mow weekly"}, {failure.Penalty.Value, "2026-07-02"}, {failure.Suppliers[0].ID.Value, "GB-COH-01234567"},
		{n.Awards[0].Worth().Net.Value, "£90,000"}, {n.Awards[0].State().Value, "terminated"},
	})
}

// An update tells anew what has the id of something known, and adds what is new.
func TestAmendmentsAdd(t *testing.T) {
	amended := func(n int, list string) string {
		return contractRelease(n, "contractAmendment", "UK10", `"amendments":[`+list+`]`, "")
	}
	c := theContract(t, projectOne(t, amended(1, `{"id":"a","rationale":"First"}`), amended(2, `{"id":"a","rationale":"First, corrected"},{"id":"b","rationale":"Second"}`)))
	if len(c.Amendments) != 2 || c.Amendments[0].Rationale.Value != "First, corrected" || c.Amendments[1].Rationale.Value != "Second" {
		t.Errorf("amendments %+v", c.Amendments)
	}
}

func TestTermination(t *testing.T) {
	n := projectOne(t,
		actRelease(1, "tender", "UK4", `"status":"active","items":[{"id":"1"}],`, ""),
		actRelease(2, "tenderCancellation", "UK12", `"statusDetails":"There is no money",`,
			`,"awards":[{"id":"1","status":"cancelled","statusDetails":"Nobody was good enough","finalStatusDate":"2026-07-28"}],
			"contracts":[{"id":"1","awardID":"1","status":"cancelled","statusDetails":"Judged anew","finalStatusDate":"2026-07-29T00:00:00+01:00"}]`))
	a, c := n.Awards[0], theContract(t, n)
	told(t, [][2]any{
		{n.Stage, notice.StageEnded}, {n.Type.Value, "UK12"}, {n.Reason.Value, "There is no money"},
		{a.Reason.Value, "Nobody was good enough"}, {a.Ended.Value, "2026-07-28"}, {a.State().Value, "cancelled"},
		{c.Reason.Value, "Judged anew"}, {c.Ended.Value, "2026-07-29T00:00:00+01:00"},
	})
}

// TestDynamicMarket follows a market from its announcement to its end.
func TestDynamicMarket(t *testing.T) {
	supplier := func(number, name, role string) string {
		return fmt.Sprintf(`{"id":"GB-COH-%s","name":%q,"roles":[%q]}`, number, name, role)
	}
	market := func(status string) string {
		return `"status":"active","techniques":{"hasDynamicPurchasingSystem":true,"dynamicPurchasingSystem":{"status":"` + status + `","type":"open"}},
			"participationFees":[{"id":"1","type":["win"],"description":"A levy","relativeValue":{"proportion":0.0125,"monetaryValue":"award"}}],`
	}
	intention := actRelease(1, "tender", "UK13", market("pending"), "")
	begun := actRelease(2, "tenderUpdate", "UK14", market("active"), `,"parties":[`+supplier("01234567", "Nib Works Ltd", "supplier")+`],
		"awards":[{"id":"1","suppliers":[{"id":"GB-COH-01234567","name":"Nib Works Ltd"}]},{"id":"2","suppliers":[{"id":"GB-COH-01234567","name":"Nib Works Ltd"}]}]`)
	joined := actRelease(3, "award contract", "UK15", "", `,"parties":[`+supplier("07654321", "Blot Services Ltd", "supplier")+`],"awards":[{"id":"1","suppliers":[{"id":"GB-COH-07654321","name":"Blot Services Ltd"}]}]`)
	left := actRelease(4, "award contract", "UK15", "", `,"parties":[`+supplier("01234567", "Nib Works Ltd", "removedSupplier")+`],"awards":[{"id":"1","amendments":[{"id":"000004-2026"}]}]`)
	closed := actRelease(5, "tenderUpdate", "UK16", `"techniques":{"dynamicPurchasingSystem":{"status":"terminated"}},`, "")

	n := projectOne(t, intention)
	told(t, [][2]any{
		{n.Stage, notice.StageMarket}, {n.Type.Value, "UK13"}, {n.DynamicMarket.Known(), true}, {n.MarketStatus.Value, "pending"}, {n.MarketType.Value, "open"},
		{n.Fees[0].For[0].Value, "win"}, {n.Fees[0].Share.Value, "1.25%"}, {n.Fees[0].Of.Value, "award"}, {n.Fees[0].Description.Value, "A levy"},
	})
	n = projectOne(t, intention, begun, joined)
	if len(n.Awards) != 0 || len(n.Members) != 2 || n.Members[0].ID.Value != "GB-COH-01234567" || n.Members[1].Name.Value != "Blot Services Ltd" || len(n.Parties) != 0 {
		t.Errorf("awards %+v, members %+v, parties %+v", n.Awards, n.Members, n.Parties)
	}
	n = projectOne(t, intention, begun, joined, left, closed)
	if len(n.Members) != 1 || n.Members[0].Name.Value != "Blot Services Ltd" {
		t.Errorf("members %+v", n.Members)
	}
	told(t, [][2]any{
		{n.Stage, notice.StageEnded}, {n.Type.Value, "UK16"}, {n.MarketStatus.Value, "terminated"},
		{n.Parties[0].Name.Value, "Nib Works Ltd"}, {n.Parties[0].Roles[0], "removedSupplier"},
	})
}

// TestPaymentsCompliance: the figures of a notice that is no procurement arrive under the
// publisher's names, wherever they stand.
func TestPaymentsCompliance(t *testing.T) {
	n := projectOne(t, actRelease(1, "", "UK17", "", `,"parties":[{"id":"GB-PPON-1","name":"Example Borough Council","roles":["buyer"],"address":{"region":"UKC"}}],"buyer":{"id":"GB-PPON-1"},
		"paymentsCompliance":{"period":{"startDate":"2026-01-01","endDate":"2026-06-30"},"averageDays":17,"paidWithin":[{"days":"30","percent":93.5},{"days":"60","percent":5}],"compliant":true,"remark":null}`))
	var got []string
	for _, f := range n.Figures {
		got = append(got, f.Name+" "+f.Text.Value)
	}
	want := `paymentsCompliance period startDate 2026-01-01; paymentsCompliance period endDate 2026-06-30; paymentsCompliance averageDays 17; ` +
		`paymentsCompliance paidWithin days 30; paymentsCompliance paidWithin percent 93.5; paymentsCompliance paidWithin days 60; paymentsCompliance paidWithin percent 5; paymentsCompliance compliant yes`
	if strings.Join(got, "; ") != want || n.Stage != notice.StageOther || n.Buyer.Name.Value != "Example Borough Council" {
		t.Errorf("stage %s, figures %s, want %s", n.Stage, strings.Join(got, "; "), want)
	}
	if n = projectOne(t, actRelease(1, "tender", "UK4", `"more":{"percent":1},`, "")); len(n.Figures) != 0 {
		t.Errorf("a tender has figures %+v", n.Figures)
	}
}

// TestChangeNotice reads the correction of a tender (F14) and the change of a contract (F20).
func TestChangeNotice(t *testing.T) {
	n := projectOne(t,
		oldRelease(1, "tender", `"title":"Grass","status":"active","items":[{"id":"1"}],"tenderPeriod":{"endDate":"2026-07-15T12:00:00+01:00"},`, ""),
		oldRelease(2, "tenderUpdate", `"title":"Grass","amendments":[{"id":"1","description":"More time","unstructuredChanges":[
			{"where":{"section":"IV.2.2","label":"Time limit"},"oldValue":{"date":"2026-07-15T12:00:00+01:00"},"newValue":{"date":"2026-07-22T12:00:00+01:00"},"relatedLot":"3"},
			{"where":{"section":"II.2.4"},"oldValue":{"text":"Two parks"},"newValue":{"text":"Three parks"}}]}],`, ""))
	changes := n.Amendments[0].Changes
	told(t, [][2]any{
		{n.Stage, notice.StageTender}, {n.Releases[1].Type, "F14"}, {n.Deadline.Value, "2026-07-22T12:00:00+01:00"}, {n.Amendments[0].Description.Value, "More time"},
		{changes[0].Section.Value, "IV.2.2"}, {changes[0].Label.Value, "Time limit"}, {changes[0].Lot, "3"}, {changes[0].WasDate.Value, "2026-07-15T12:00:00+01:00"}, {changes[0].IsDate.Value, "2026-07-22T12:00:00+01:00"},
		{changes[1].Was.Value, "Two parks"}, {changes[1].Is.Value, "Three parks"},
	})
	n = projectOne(t,
		oldRelease(1, "award contract", "", `,"awards":[{"id":"1"}],"contracts":[{"id":"1","awardID":"1","value":{"amount":1000}}]`),
		oldRelease(2, "awardUpdate contractUpdate", "", `,"contracts":[{"id":"1","awardID":"1","value":{"amount":2000},"amendments":[{"id":"1","rationale":"The park grew","unstructuredChanges":[{"oldValue":{"text":"1000"},"newValue":{"text":"2000"}}]}]}]`))
	c := theContract(t, n)
	told(t, [][2]any{{n.Type.Value, "F20"}, {c.Value.Net.Value, "£2,000"}, {c.Amendments[0].Rationale.Value, "The park grew"}, {c.Amendments[0].Changes[0].Is.Value, "2000"}})
}

// TestHowItIsRun reads how a procurement is run.
func TestHowItIsRun(t *testing.T) {
	n := projectOne(t, oldRelease(1, "tender", `"id":"PK/7","title":"Parks","status":"active","statusDetails":"Open again","datePublished":"2026-06-30T09:00:00Z","items":[{"id":"1"}],
		"coveredBy":["GPA"],"competitive":false,"mainProcurementCategory":"services","additionalProcurementCategories":["services","goods"],
		"procedure":{"isAccelerated":true},"procurementMethodRationaleClassifications":[{"id":"D_TECHNICAL","description":"Only one can do it"},{"id":"urgency"}],
		"tenderPeriod":{"startDate":"2026-07-01","endDate":"2026-08-20T12:00:00+01:00"},"expressionOfInterestDeadline":"2026-08-10T12:00:00+01:00",
		"awardPeriod":{"startDate":"2026-09-01","endDate":"2026-09-30"},"bidOpening":{"date":"2026-08-20T13:00:00+01:00","address":{"streetAddress":"The Bandstand"},"description":"In public"},
		"submissionMethod":["electronicSubmission","written"],"submissionTerms":{"electronicSubmissionPolicy":"required","languages":["en","cy"],"depositsGuarantees":"A bond","bidValidityPeriod":{"durationInDays":90,"endDate":"2026-11-30"}},
		"communication":{"atypicalToolUrl":"https://tool.example/","futureNoticeRecipients":"Members only"},"otherRequirements":{"requiresStaffNamesAndQualifications":true},
		"secondStage":{"invitationDate":"2026-08-15","noNegotiationNecessary":true,"successiveReduction":false},
		"contractTerms":{"electronicInvoicingPolicy":"required","hasElectronicOrdering":true,"hasElectronicPayment":false,"financialTerms":"Monthly","performanceTerms":"Mow weekly"},"crossBorderLaw":"Of Ruritania",
		"reviewDetails":"The High Court","hasRecurrence":true,"recurrence":{"dates":[{"startDate":"2030-07-01"},{"startDate":"2034-07-01"}]},
		"techniques":{"hasElectronicAuction":true,"hasFrameworkAgreement":true,"frameworkAgreement":{"type":"closed","method":"withReopeningCompetition","maximumParticipants":8,"description":"Parks of the county",
			"buyerCategories":"Parishes","buyerClassificationRestrictions":[{"id":"utilities"}],"buyerLocationRestrictions":[{"gazetteer":{"scheme":"GB-ITL","identifiers":["UKG"]}}],
			"period":{"startDate":"2026-10-01","endDate":"2030-09-30"},"openFrameworkSchemeEndDate":"2034-09-30","periodRationale":"Lawns grow slowly"}},
		"lots":[{"id":"A","identifiers":[{"id":"Lot 1"}],"hasRenewal":false,"submissionTerms":{"variantPolicy":"allowed","electronicCataloguePolicy":"required"},"secondStage":{"minimumCandidates":3,"maximumCandidates":7}}],`,
		`,"planning":{"budget":{"description":"The parks fund","amount":{"amount":5000},"budgetBreakdown":[{"id":"1","description":"2026/27","amount":{"amount":3000},"period":{"startDate":"2026-04-01","endDate":"2027-03-31"}}]},
			"milestones":[{"id":"e","type":"engagement","dueDate":"2026-06-01","dateMet":"2026-05-20","status":"met","description":"Talks"}]},
		"relatedProcesses":[{"id":"1","relationship":["framework"],"scheme":"ocid","identifier":"ocds-h6vhtk-0fffff","title":"The frame","uri":"https://notices.example/f"}]`))
	l, s, f := n.Lots[0], n.Submission, n.FrameworkTerms
	told(t, [][2]any{
		{n.Reference.Value, "PK/7"}, {n.Reason.Value, "Open again"}, {n.Published.Value, "2026-06-30T09:00:00Z"}, {n.Law.Value, "32014L0024"},
		{n.Agreements[0].Value, "GPA"}, {n.Competitive.Known() && !n.Competitive.Value, true}, {len(n.Categories), 1}, {n.Categories[0].Value, "goods"},
		{n.Accelerated.Value, true}, {n.Grounds[0].Value, "Only one can do it"}, {n.Grounds[1].Value, "urgency"},
		{n.Opens.Value, "2026-07-01"}, {n.Deadline.Kind, notice.DeadlineInterest}, {n.Deadline.Value, "2026-08-10T12:00:00+01:00"},
		{n.OtherDeadline.Kind, notice.DeadlineTender}, {n.OtherDeadline.Value, "2026-08-20T12:00:00+01:00"}, {n.AwardFrom.Value, "2026-09-01"}, {n.AwardBy.Value, "2026-09-30"},
		{n.Opening.Date.Value, "2026-08-20T13:00:00+01:00"}, {n.Opening.Place.Value, "The Bandstand"}, {n.Opening.Text.Value, "In public"},
		{len(s.Methods), 2}, {s.Electronic.Value, "required"}, {s.Languages[1].Value, "cy"}, {s.Deposits.Value, "A bond"}, {s.ValidDays.Value, 90}, {s.ValidUntil.Value, "2026-11-30"},
		{s.Unusual.Value, "https://tool.example/"}, {s.Recipients.Value, "Members only"}, {s.StaffNames.Value, true},
		{n.SecondStage.Invited.Value, "2026-08-15"}, {n.SecondStage.NoNegotiation.Value, true}, {n.SecondStage.Successive.Known(), true},
		{n.Terms.Invoicing.Value, "required"}, {n.Terms.Ordering.Value, true}, {n.Terms.Payment.Known() && !n.Terms.Payment.Value, true},
		{n.Terms.Financial.Value, "Monthly"}, {n.Terms.Performance.Value, "Mow weekly"}, {n.Terms.Foreign.Value, "Of Ruritania"},
		{n.Review.Value, "The High Court"}, {n.Recurrent.Value, true}, {n.RecursOn[1].Value, "2034-07-01"}, {n.ElectronicAuction.Value, true},
		{f.Type.Value, "closed"}, {f.Method.Value, "withReopeningCompetition"}, {f.MostSuppliers.Value, 8}, {f.Description.Value, "Parks of the county"}, {f.Buyers.Value, "Parishes"},
		{f.BuyerKinds[0].Value, "utilities"}, {f.BuyerPlaces[0].Value.Region, "TLG"}, {f.Period.End.Value, "2030-09-30"}, {f.SchemeEnds.Value, "2034-09-30"}, {f.PeriodRationale.Value, "Lawns grow slowly"},
		{l.Label.Value, "Lot 1"}, {l.Renewal.Value, "no"}, {l.Variants.Value, "allowed"}, {l.Catalogue.Value, "required"}, {l.LeastInvited.Value, 3}, {l.MostInvited.Value, 7},
		{n.Budget.Description.Value, "The parks fund"}, {n.Budget.Value.Net.Value, "£5,000"}, {n.Budget.Lines[0].Value.Net.Value, "£3,000"}, {n.Budget.Lines[0].Period.End.Value, "2027-03-31"},
		{n.Milestones[0].Met.Value, "2026-05-20"}, {n.Milestones[0].Status.Value, "met"},
		{n.Related[0].As[0].Value, "framework"}, {n.Related[0].Identifier.Value, "ocds-h6vhtk-0fffff"}, {n.Related[0].URL.Value, "https://notices.example/f"}, {n.Related[0].Title.Value, "The frame"},
	})
}

// TestAwardDetails reads what an award says beyond who won.
func TestAwardDetails(t *testing.T) {
	n := projectOne(t, oldRelease(1, "award", `"lots":[{"id":"A"},{"id":"B"}],`, `,"awards":[{"id":"1","description":"Both parks","datePublished":"2026-07-02","hasRenewal":true,"options":{"description":"A third park"},
		"standstillPeriod":[{"endDate":"2026-07-20"},{"endDate":"2026-07-22"}],"assessmentSummariesDateSent":"2026-07-08","finalStatusDate":"2026-07-30",
		"milestones":[{"id":"1","type":"futureSignatureDate","dueDate":"2026-07-23","status":"scheduled"}],"amendments":[{"id":"x","description":"Another date"}],
		"items":[{"id":"1","classification":{"scheme":"CPV","id":"77310000"},"deliveryAddresses":[{"region":"UKC"}]}],
		"hasSubcontracting":true,"subcontracting":{"description":"The hedges","minimumPercentage":0.1,"maximumPercentage":0.25,"value":{"amount":2000},
			"subcontracts":[{"id":"1","description":"All hedges","subcontractor":{"name":"Hedge and Son"}}]}}],
		"bids":{"statistics":[{"id":"1","measure":"bids","value":0,"relatedLot":"A"},{"id":"2","measure":"lowestValidBidValue","value":1500.5,"currency":"GBP"},{"id":"3","measure":"bids","value":-1}],
			"details":[{"id":"1","status":"disqualified","relatedLots":["B"],"tenderers":[{"id":"org-9"}]}]},
		"parties":[{"id":"org-9","name":"Blot Services Ltd","roles":["tenderer"]},{"id":"org-8","name":"High Court","roles":["reviewBody"],"roleDetails":"Hears appeals","address":{"streetAddress":"1 Strand"}},
			{"id":"org-7","name":"Example Borough Council","roles":["buyer"],"details":{"buyerProfile":"https://profile.example/","publicServiceMissionOrganization":true,"shelteredWorkshop":false,
				"classifications":[{"scheme":"TED_CA_TYPE","id":"REGIONAL_AUTHORITY"},{"scheme":"COFOG","id":"01","description":"Public services"},{"scheme":"UK_CA_DEVOLVED_REGULATIONS","id":"wales"}]},
				"identifier":{"noIdentifierRationale":"notOnAnyRegister"},"address":{"streetAddress":"2 High Street"}},
			{"id":"org-6","name":"Example Borough Council","roles":["processContactPoint"]}]`))
	a, s := n.Awards[0], n.Awards[0].Subcontracting
	told(t, [][2]any{
		{a.Description.Value, "Both parks"}, {a.Published.Value, "2026-07-02"}, {a.Renewal.Value, "yes"}, {a.Options.Value, "A third park"},
		{a.Standstill[1].Value, "2026-07-22"}, {a.Assessed.Value, "2026-07-08"}, {a.Ended.Value, "2026-07-30"}, {a.Milestones[0].Kind, "futureSignatureDate"}, {a.Milestones[0].Due.Value, "2026-07-23"},
		{a.Amendments[0].Description.Value, "Another date"}, {a.CPV[0].Value.Code, "77310000"}, {a.Places[0].Value.Region, "TLC"},
		{s.Planned.Value, true}, {s.Description.Value, "The hedges"}, {s.Least.Value, "10%"}, {s.Most.Value, "25%"}, {s.Value.Net.Value, "£2,000"}, {s.Parts[0].Value, "All hedges"}, {s.By[0].Name.Value, "Hedge and Son"},
		{len(n.Statistics), 2}, {n.Statistics[0].Count.Known() && n.Statistics[0].Count.Value == 0, true}, {n.Statistics[0].Lot, "A"}, {n.Statistics[1].Amount.Value, "£1,500.50"}, {hasIssue(n, "number-out-of-range"), true},
		{n.Bidders[0].Name.Value, "Blot Services Ltd"}, {n.Bidders[0].Status.Value, "disqualified"}, {n.Bidders[0].Lots[0], "B"},
		{len(n.Parties), 1}, {n.Parties[0].Name.Value, "High Court"}, {n.Parties[0].RoleText.Value, "Hears appeals"}, {n.Parties[0].Street.Value, "1 Strand"},
		{n.Buyer.Roles, "[buyer processContactPoint]"}, {n.Buyer.Profile.Value, "https://profile.example/"}, {n.Buyer.Mutual.Value, true}, {n.Buyer.Sheltered.Known(), true}, {n.Buyer.Street.Value, "2 High Street"},
		{n.Buyer.Type.Value, "REGIONAL_AUTHORITY"}, {n.Buyer.Activity.Value, "Public services"}, {n.Buyer.Devolved.Value, "wales"}, {n.Buyer.Unnumbered.Value, "notOnAnyRegister"},
	})
}

func TestDocuments(t *testing.T) {
	n := projectOne(t, tenderRelease(`"documents":[{"id":"1","documentType":"biddingDocuments","title":"The pack","description":"All you need","accessDetails":"Ask for it","url":"https://d.example/1",
		"datePublished":"2026-07-01T10:00:00+01:00","dateModified":"2026-07-03","format":"application/pdf","language":"en"},{"id":"2","description":"Not published"},{"id":"3","accessDetails":"At the gate"}]`))
	if len(n.Documents) != 2 {
		t.Fatalf("documents %+v", n.Documents)
	}
	d := n.Documents[0]
	told(t, [][2]any{{d.Title, "The pack"}, {d.Description, "All you need\nAsk for it"}, {d.Published.Value, "2026-07-01T10:00:00+01:00"}, {d.Modified.Value, "2026-07-03"}, {d.Format, "application/pdf"}, {d.Language, "en"}, {n.Documents[1].Title, "At the gate"}})
}

func TestCompanyNumbers(t *testing.T) {
	for number, want := range map[string]string{
		"476611": "00476611", "SC1234": "SC001234", "ip27656r": "IP27656R", "IP 2765 R": "IP02765R", "RC000391": "RC000391",
		"Imosphere Ltd": "", "458577871": "", "00000000": "", "0186908SC": "", "1234567R": "", "R": "", "IPR": "",
	} {
		if got, ok := notice.CompanyNumber(number); got != want || ok != (want != "") {
			t.Errorf("CompanyNumber(%q) = %q, %v; want %q", number, got, ok, want)
		}
	}
	n := projectOne(t, tenderRelease(`"title":"Grass"},"buyer":{"id":"b"},"parties":[{"id":"b","name":"Example Parish","identifier":{"scheme":"GB-COH","id":"Example Parish"},"roles":["buyer"]}],"more":{`))
	if n.Buyer.ID.Known() || !hasIssue(n, "bad-company-number") {
		t.Errorf("buyer %+v, issues %v", n.Buyer, codesOf(n))
	}
}
