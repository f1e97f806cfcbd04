package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/matcher"
	"bidfit/pursuit"
	"bidfit/store"
)

// tools are what an assistant can ask.
type tools struct{ Options }

const (
	// mostListed is how many notices one answer may list.
	mostListed = 100
	longestID  = 256
	longestSay = 4000 // a reason, a note
)

// What the tools take. The words behind jsonschema are told to the assistant; bounds stands for those of every field.
type (
	searchInput struct {
		Words string   `json:"words,omitempty" jsonschema:"words that must all be mentioned, in any form; words in double quotes must stand together"`
		Has   []string `json:"has,omitempty" jsonschema:"tokens the notices must carry: stage:tender, type:UK4, cpv:853, itl:TLG2, publisher:contracts-finder, buyer:ID; of one kind they are alternatives"`
		Limit int      `json:"limit,omitempty" jsonschema:"list this many"`
		From  int      `json:"from,omitempty" jsonschema:"pass over this many first"`
	}
	matchInput struct {
		Profile string `json:"profile" jsonschema:"id of a registered profile"`
		Limit   int    `json:"limit,omitempty" jsonschema:"list this many, best first"`
		Order   string `json:"order,omitempty" jsonschema:"what comes first"`
		All     bool   `json:"all,omitempty" jsonschema:"also awards and other closed stages"`
		Known   bool   `json:"known,omitempty" jsonschema:"also what the user has called known"`
	}
	explainInput struct {
		Profile string `json:"profile" jsonschema:"id of a registered profile"`
		Notice  string `json:"notice" jsonschema:"id, OCID or notice number of the notice"`
		Lot     string `json:"lot,omitempty" jsonschema:"id of one lot; without it the best lot comes first"`
		WhatIf  bool   `json:"whatIf,omitempty" jsonschema:"also the cheapest changes that would make the advice better"`
		Since   string `json:"since,omitempty" jsonschema:"also why it is not what it was: a release, a date such as 2026-06-01, or decision"`
	}
	noticeInput struct {
		Notice string `json:"notice" jsonschema:"id, OCID or notice number of the notice"`
	}
	profilesInput struct{}
	decideInput   struct {
		Profile string `json:"profile" jsonschema:"id of a registered profile"`
		Notice  string `json:"notice" jsonschema:"id, OCID or notice number of the notice"`
		Lot     string `json:"lot,omitempty" jsonschema:"id of the lot it is about; without it the whole notice"`
		Verdict string `json:"verdict" jsonschema:"what the user has decided"`
		Reason  string `json:"reason,omitempty" jsonschema:"the user's reason, in a sentence"`
	}
	snoozeInput struct {
		Profile string `json:"profile" jsonschema:"id of a registered profile"`
		Notice  string `json:"notice" jsonschema:"id, OCID or notice number of the notice"`
		Lot     string `json:"lot,omitempty" jsonschema:"id of the lot it is about; without it the whole notice"`
		Until   string `json:"until,omitempty" jsonschema:"what has to change for it to come back"`
		Wake    bool   `json:"wake,omitempty" jsonschema:"list it again at once"`
	}
	rateInput struct {
		Profile string `json:"profile" jsonschema:"id of a registered profile"`
		Notice  string `json:"notice" jsonschema:"id, OCID or notice number of the notice"`
		Lot     string `json:"lot,omitempty" jsonschema:"id of the lot it is about; without it the whole notice"`
		Answer  string `json:"answer" jsonschema:"whether what is bought is what the profile sells, or the user knows it already"`
		Undo    bool   `json:"undo,omitempty" jsonschema:"take the answer back"`
		Note    string `json:"note,omitempty" jsonschema:"the user's note, in a sentence"`
	}
)

// bound is what a field may hold, by its name: it means the same in every tool.
type bound struct {
	values   []any
	from, to int // of a number; the longest of a text is to
	usual    int
}

var bounds = map[string]bound{
	"words":   {to: index.MaxWords},
	"has":     {to: longestID},
	"limit":   {from: 1, to: mostListed, usual: 10},
	"from":    {from: 0, to: index.MaxReach - mostListed},
	"profile": {to: longestID},
	"notice":  {to: longestID},
	"lot":     {to: longestID},
	"since":   {to: longestID},
	"order":   {values: []any{matcher.OrderScore, matcher.OrderLow, matcher.OrderDeadline, matcher.OrderRelevance}},
	"until":   {values: []any{pursuit.UntilValue, pursuit.UntilDeadline, pursuit.UntilStage, pursuit.UntilChange}},
	"verdict": {values: []any{pursuit.Bid, pursuit.NoBid, pursuit.Watch}},
	"answer":  {values: []any{pursuit.Relevant, pursuit.Irrelevant, pursuit.Known}},
	"reason":  {to: longestSay},
	"note":    {to: longestSay},
}

// schema is what a tool takes, with the bounds of its fields.
func schema(of reflect.Type) *jsonschema.Schema {
	s, err := jsonschema.ForType(of, nil)
	if err != nil {
		panic(err) // the types above are known to do
	}
	for name, field := range s.Properties {
		b := bounds[name]
		text := field
		if field.Items != nil {
			text, field.MaxItems = field.Items, new(16)
			field.Types, field.Type = nil, "array"
		}
		switch {
		case b.values != nil:
			field.Enum = b.values
		case field.Type == "integer":
			field.Minimum, field.Maximum = new(float64(b.from)), new(float64(b.to))
			if b.usual > 0 {
				field.Default = json.RawMessage(fmt.Sprint(b.usual))
			}
		case text.Type == "string":
			text.MaxLength = new(b.to)
		}
	}
	return s
}

// add puts the tools on a server.
func (t tools) add(s *sdk.Server) {
	reads := func(title string) *sdk.ToolAnnotations {
		return &sdk.ToolAnnotations{Title: title, ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: new(false)}
	}
	writes := func(title string) *sdk.ToolAnnotations { // it adds to the record, and takes nothing away
		return &sdk.ToolAnnotations{Title: title, DestructiveHint: new(false), OpenWorldHint: new(false)}
	}
	add(s, "profiles", "List the registered supplier profiles: id, name, and what each is about.", reads("Supplier profiles"), t.profiles)
	add(s, "match", "Rank the open notices for a profile, best first, each with its best lot and the evidence behind its score.", reads("Ranked notices"), t.match)
	add(s, "explain", "Say why a notice, or one of its lots, scores as it does for a profile: evidence with the publisher's own words, gates, conditions, questions for the buyer.", reads("Fit report"), t.explain)
	add(s, "notice", "Say everything a notice says: summary, dates with days left, value, lots, criteria, buyer, documents, history; what nobody said is listed as missing.", reads("Notice"), t.notice)
	add(s, "search", "Find notices that mention words or carry tokens, best first.", reads("Search"), t.search)
	if t.Writes {
		add(s, "decide", "Record the user's verdict on a notice or lot, with the fit as it is today. Earlier verdicts stay on record.", writes("Decide"), t.decide)
		add(s, "snooze", "Hide a notice or lot from the user's review until something about it changes; wake lists it again.", writes("Snooze"), t.snooze)
		add(s, "rate", "Record the user's answer whether a notice was rightly shown; the ranking learns from it. Earlier answers stay on record.", writes("Rate"), t.rate)
	}
}

// add puts a tool on a server: ask gives the answer and what it comes to in a few words.
func add[In any](s *sdk.Server, name, description string, hints *sdk.ToolAnnotations, ask func(context.Context, In) (any, string, error)) {
	tool := &sdk.Tool{
		Name: name, Title: hints.Title, Description: description, Annotations: hints,
		InputSchema: schema(reflect.TypeFor[In]()), OutputSchema: &jsonschema.Schema{Type: "object"},
	}
	sdk.AddTool(s, tool, func(ctx context.Context, _ *sdk.CallToolRequest, in In) (*sdk.CallToolResult, any, error) {
		answer, text, err := ask(ctx, in)
		if err != nil {
			return nil, nil, refused(err)
		}
		shape, err := shaped(answer)
		return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}, shape, err
	})
}

func (t tools) profiles(ctx context.Context, _ profilesInput) (any, string, error) {
	all, err := t.Desk.Profiles(ctx)
	if all == nil {
		all = []store.Profile{}
	}
	return struct {
		Profiles []store.Profile `json:"profiles"`
	}{all}, profilesText(all), err
}

func (t tools) match(ctx context.Context, in matchInput) (any, string, error) {
	o := desk.MatchOptions{AsOf: t.Clock(), All: in.All, Known: in.Known, Limit: in.Limit, Order: matcher.OrderScore}
	if in.Order != "" {
		o.Order = matcher.Order(in.Order)
	}
	r, err := t.Desk.Match(ctx, in.Profile, o)
	if err != nil {
		return nil, "", t.Desk.Registered(ctx, in.Profile, err)
	}
	return r, matchText(r), nil
}

func (t tools) explain(ctx context.Context, in explainInput) (any, string, error) {
	target := pursuit.Target{Notice: in.Notice, Lot: in.Lot}
	e, err := t.Desk.Explain(ctx, in.Profile, target, t.Clock())
	if err != nil {
		return nil, "", t.Desk.Registered(ctx, in.Profile, err)
	}
	if in.WhatIf {
		w, err := t.Desk.WhatIf(ctx, in.Profile, target, e.AsOf)
		if err != nil {
			return nil, "", err
		}
		e.WhatIf = &w
	}
	if in.Since != "" {
		s, err := t.Desk.Since(ctx, in.Profile, target, in.Since, e.AsOf)
		if err != nil {
			return nil, "", err
		}
		e.Since = &s
	}
	return e, explainText(e), nil
}

func (t tools) notice(ctx context.Context, in noticeInput) (any, string, error) {
	x, err := t.Desk.Dossier(ctx, in.Notice, t.Clock())
	if err != nil {
		return nil, "", err
	}
	return x, noticeText(x), nil
}

func (t tools) search(ctx context.Context, in searchInput) (any, string, error) {
	if in.Words == "" && len(in.Has) == 0 {
		return nil, "", fmt.Errorf("search for what? give words, or has")
	}
	found, err := t.Desk.Search(ctx, index.Query{Words: in.Words, Tokens: in.Has, From: in.From, Size: in.Limit})
	if err != nil {
		return nil, "", err
	}
	return found, searchText(found, in.From, t.Clock()), nil
}

func (t tools) decide(ctx context.Context, in decideInput) (any, string, error) {
	d, err := t.Desk.Decide(ctx, desk.Verdict{
		Profile: in.Profile, Target: pursuit.Target{Notice: in.Notice, Lot: in.Lot}, Verdict: pursuit.Verdict(in.Verdict),
		Reason: in.Reason, Who: t.Who, When: t.Now().UTC(), AsOf: t.Clock(),
	})
	if err != nil {
		return nil, "", t.Desk.Registered(ctx, in.Profile, err)
	}
	return d, decideText(d), nil
}

func (t tools) snooze(ctx context.Context, in snoozeInput) (any, string, error) {
	deed := desk.Deed{
		Profile: in.Profile, Do: desk.DoSnooze, Targets: []pursuit.Target{{Notice: in.Notice, Lot: in.Lot}}, Until: pursuit.Until(in.Until),
		Who: t.Who, When: t.Now().UTC(), AsOf: t.Clock(),
	}
	if in.Wake {
		deed.Do = desk.DoWake
	}
	done, err := t.Desk.Act(ctx, deed)
	if err == nil {
		err = done[0].Err
	}
	if err != nil {
		return nil, "", t.Desk.Registered(ctx, in.Profile, err)
	}
	return done[0], fmt.Sprintf("%s for %s: %s.", target(done[0].Target), in.Profile, done[0].Words), nil
}

func (t tools) rate(ctx context.Context, in rateInput) (any, string, error) {
	r, err := t.Desk.Rate(ctx, desk.Opinion{
		Profile: in.Profile, Target: pursuit.Target{Notice: in.Notice, Lot: in.Lot}, Answer: pursuit.Answer(in.Answer), Undo: in.Undo,
		Note: in.Note, Who: t.Who, When: t.Now().UTC(), AsOf: t.Clock(),
	})
	if err != nil {
		return nil, "", t.Desk.Registered(ctx, in.Profile, err)
	}
	return r, rateText(r), nil
}
