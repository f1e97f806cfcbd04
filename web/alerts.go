package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/alerts"
	"bidfit/matcher"
)

// mostSent is how many messages a page tells of that were sent by one subscription.
const mostSent = 20

// alertsBody are the subscriptions of a profile, and the form of a further one.
type alertsBody struct {
	alerts.Overview
	Form alertForm
}

// alertBody is one subscription: what it says, and what has become of its messages.
type alertBody struct {
	alerts.Standing
	Form alertForm
}

// alertForm is the form of a subscription as it is filled in.
type alertForm struct {
	Action string
	// New says that the way of it can be chosen.
	New     bool
	Channel alerts.Channel
	values  url.Values
	faults  map[string]string
}

// alertDays are the days of the week as the form has them, a week beginning on Monday.
var alertDays = []struct {
	value string
	day   time.Weekday
}{{"mon", time.Monday}, {"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thu", time.Thursday}, {"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday}}

// happeningHints say what each happening is.
var happeningHints = map[alerts.Happening]string{
	alerts.New: "it has come over what you ask for", alerts.Changed: "something that counts is different", alerts.Closing: "its deadline is near", alerts.Withdrawn: "it was told, and is off or over",
}

// alertFormOf is the form of what a subscription says.
func alertFormOf(action string, w alerts.Wish) alertForm {
	v := url.Values{"channel": {string(w.Channel)}, "to": {w.To}, "when": {"days"}, "at": {cmp.Or(w.At, "07:30")}, "advice": {string(cmp.Or(w.Advice, matcher.Review))}, "closing": {strconv.Itoa(cmp.Or(w.ClosingDays, alerts.DefaultClosingDays))}}
	if w.AtOnce {
		v.Set("when", "once")
	}
	if w.Score > 0 {
		v.Set("score", strconv.Itoa(w.Score))
	}
	for _, d := range alertDays {
		if len(w.Days) == 0 || slices.Contains(w.Days, d.day) {
			v.Add("days", d.value)
		}
	}
	for _, h := range alerts.Happenings {
		if len(w.Tells) == 0 || slices.Contains(w.Tells, h) {
			v.Add("tells", string(h))
		}
	}
	return alertForm{Action: action, New: w.Channel == "", Channel: w.Channel, values: v, faults: map[string]string{}}
}

// wish reads what the form says; what is wrong with it is put beside its fields.
func (f *alertForm) wish() alerts.Wish {
	v := f.values
	w := alerts.Wish{Channel: alerts.Channel(v.Get("channel")), To: strings.TrimSpace(v.Get("to")), At: v.Get("at"), Advice: matcher.Advice(v.Get("advice"))}
	if !f.New {
		w.Channel = f.Channel
	}
	if w.Channel == alerts.Feed {
		w.To = ""
	} else if w.To == "" {
		f.faults["to"] = "Say where to: an address such as bids@supplier.example, or https://hooks.supplier.example/bidfit."
	}
	number := func(name string, most int) int {
		text := strings.TrimSpace(v.Get(name))
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > most {
			f.faults[name] = strconv.Quote(typed(20, text)) + " is not a whole number from 0 to " + strconv.Itoa(most) + "."
		}
		return n
	}
	w.Score, w.ClosingDays = number("score", 100), number("closing", alerts.MostClosingDays)
	if w.AtOnce = v.Get("when") == "once"; w.AtOnce {
		w.At = ""
	} else if w.Channel != alerts.Feed {
		if len(v["days"]) == 0 {
			f.faults["days"] = "Tick the days it is sent on."
		} else if len(v["days"]) < 7 {
			days, err := alerts.ParseDays(strings.Join(v["days"], ","))
			if err != nil {
				f.faults["days"] = sentence(err)
			}
			w.Days = days
		}
	}
	if len(v["tells"]) < len(alerts.Happenings) {
		for _, t := range v["tells"] {
			h, err := alerts.ParseHappening(t)
			if err != nil {
				f.faults["tells"] = sentence(err)
			}
			w.Tells = append(w.Tells, h)
		}
		if len(w.Tells) == 0 && w.Channel != alerts.Feed {
			f.faults["tells"] = "Tick what is to be told."
		}
	}
	return w
}

// Fields are the controls of the form.
func (f alertForm) Fields() []Field {
	ticked := func(name, value string) bool { return slices.Contains(f.values[name], value) }
	var list []Field
	add := func(x Field) {
		x.Error = f.faults[x.Name]
		if x.Options == nil {
			x.Value = f.values.Get(x.Name)
		}
		list = append(list, x)
	}
	if f.New {
		add(Field{Name: "channel", Label: "How", Type: "radio", Required: true, Options: []Option{
			{"email", "E-mail", "a digest, as text and HTML", ticked("channel", "email") || f.values.Get("channel") == ""},
			{"webhook", "Webhook", "signed JSON, for a program", ticked("channel", "webhook")},
			{"feed", "Feed and calendar", "fetched at secret addresses; needs no address of yours", ticked("channel", "feed")},
		}})
	}
	if f.Channel != alerts.Feed {
		hint := "The address of one person or list, or the https:// address of a webhook."
		if f.New {
			hint += " Leave it empty for a feed."
		}
		add(Field{Name: "to", Label: "Where to", Hint: hint, Most: 2000, Required: !f.New, Autocomplete: "off"})
		add(Field{Name: "when", Label: "When", Type: "radio", Required: true, Options: []Option{{"days", "On the days and at the time below", "", !ticked("when", "once")}, {"once", "At once", "as soon as something happens", ticked("when", "once")}}})
		days := Field{Name: "days", Label: "Days", Type: "checkbox", Required: true}
		for _, d := range alertDays {
			days.Options = append(days.Options, Option{d.value, d.day.String(), "", ticked("days", d.value)})
		}
		add(days)
		add(Field{Name: "at", Label: "Time in London", Type: "time", Required: true})
	}
	add(Field{Name: "advice", Label: "Tell of", Type: "radio", Required: true, Options: []Option{{"review", "Bid and review", "", !ticked("advice", "bid")}, {"bid", "Bid alone", "", ticked("advice", "bid")}}})
	add(Field{Name: "score", Label: "From how many points", Hint: "From 0 to 100.", InputMode: "numeric", Most: 3})
	if f.Channel != alerts.Feed {
		tells := Field{Name: "tells", Label: "What happens to a notice", Type: "checkbox", Required: true}
		for _, h := range alerts.Happenings {
			tells.Options = append(tells.Options, Option{string(h), upper(string(h)), happeningHints[h], ticked("tells", string(h))})
		}
		add(tells)
		add(Field{Name: "closing", Label: "Closing is so many days before the deadline", InputMode: "numeric", Most: 2, Required: true, After: "days"})
	}
	return list
}

// Wrong are the fields with an error, and what is wrong with the whole.
func (f alertForm) Wrong() []Field {
	list := f.Fields()
	if text := f.faults["alert"]; text != "" {
		list = append(list, Field{Name: "alert", Label: "Subscription", Error: text})
	}
	return list
}

// failed puts an error of a wish into the form; false for one that is no error of it.
func (f *alertForm) failed(err error) bool {
	wrong, ok := errors.AsType[alerts.WrongError](err)
	if ok {
		f.faults["alert"] = sentence(wrong)
	}
	return ok
}

// alerting are the subscriptions, where the server has them.
func (s *server) alerting() (*alerts.Engine, error) {
	if s.Alerts == nil {
		return nil, fault{http.StatusNotFound, "There are no alerts here", "This server was started without them."}
	}
	return s.Alerts, nil
}

// alertsPage lists the subscriptions of a profile.
func (s *server) alertsPage(w http.ResponseWriter, r *http.Request) error {
	return s.alertsAt(w, r, alertFormOf(pathOf("profiles", r.PathValue("profile"), "alerts"), alerts.Wish{}))
}

func (s *server) alertsAt(w http.ResponseWriter, r *http.Request, form alertForm) error {
	engine, err := s.alerting()
	if err != nil {
		return err
	}
	o, err := engine.Overview(r.Context(), r.PathValue("profile"), 1, s.Now())
	if err != nil {
		return err
	}
	p := profilePage(o.Name, "Alerts", o.Profile)
	p.Body = alertsBody{o, form}
	if len(form.faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "alerts", p)
}

// addAlert makes a subscription. What nobody is told again is on the page that answers, and so in no redirect.
func (s *server) addAlert(w http.ResponseWriter, r *http.Request) error {
	engine, err := s.alerting()
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	form := alertFormOf(pathOf("profiles", r.PathValue("profile"), "alerts"), alerts.Wish{})
	form.values = r.PostForm
	wish := form.wish()
	if len(form.faults) > 0 {
		return s.alertsAt(w, r, form)
	}
	o, err := engine.Open(r.Context(), r.PathValue("profile"), wish, s.Who, s.base(r), s.Now().UTC())
	if form.failed(err) {
		return s.alertsAt(w, r, form)
	}
	if err != nil {
		return err
	}
	if o.Key == "" && o.Atom == "" {
		return s.redirect(w, r, pathOf("profiles", o.Profile, "alerts"), "Subscribed: "+typed(200, o.To)+" is told "+o.Times()+". Send a test to see whether it arrives.")
	}
	p, err := s.alertCrumbs(r.Context(), "Subscribed", o.Profile)
	if err != nil {
		return err
	}
	p.Status, p.Body = http.StatusCreated, o
	return s.render(w, r, "alert-added", p)
}

// base is the address that others reach bidfit under: that of the configuration or, where it has none, that of the request.
func (s *server) base(r *http.Request) string {
	if s.Base != "" {
		return s.Base
	}
	u, err := url.Parse(s.self(r))
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// alertPage shows one subscription.
func (s *server) alertPage(w http.ResponseWriter, r *http.Request) error {
	return s.alertAt(w, r, nil)
}

func (s *server) alertAt(w http.ResponseWriter, r *http.Request, form *alertForm) error {
	engine, err := s.alerting()
	if err != nil {
		return err
	}
	at, err := engine.Standing(r.Context(), r.PathValue("profile"), r.PathValue("alert"), mostSent, s.Now())
	if err != nil {
		return err
	}
	b := alertBody{at, alertFormOf(pathOf("profiles", at.Profile, "alerts", at.ID), at.Wish())}
	if form != nil {
		b.Form = *form
	}
	p, err := s.alertCrumbs(r.Context(), alertTitle(at.Subscription), at.Profile)
	if err != nil {
		return err
	}
	p.Body = b
	if form != nil {
		p.Status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "alert", p)
}

// alertCrumbs is a page below that of the alerts of a profile.
func (s *server) alertCrumbs(ctx context.Context, title, profile string) (page, error) {
	of, err := s.Desk.Profile(ctx, profile)
	if err != nil {
		return page{}, err
	}
	p := profilePage(of.Name, title, profile)
	p.Crumbs = append(p.Crumbs, Crumb{"Alerts", pathOf("profiles", profile, "alerts")})
	return p, nil
}

// alertTitle is what a subscription is called.
func alertTitle(a alerts.Subscription) string {
	if a.Channel == alerts.Feed {
		return "Feed and calendar"
	}
	return typed(200, a.To)
}

// alertDone changes, pauses, resumes, removes or tests a subscription.
func (s *server) alertDone(w http.ResponseWriter, r *http.Request) error {
	engine, err := s.alerting()
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	ctx, profile, id := r.Context(), r.PathValue("profile"), r.PathValue("alert")
	at, err := engine.Standing(ctx, profile, id, 1, s.Now())
	if err != nil {
		return err
	}
	list, own := pathOf("profiles", profile, "alerts"), pathOf("profiles", profile, "alerts", id)
	wish := at.Wish()
	said := ""
	switch do := r.PostFormValue("do"); do {
	case "pause":
		wish.Paused, said = new(true), "Paused. What happens meanwhile is not told later."
	case "resume":
		wish.Paused, said = new(false), "It tells again, of what happens from now on."
	case "save":
		form := alertFormOf(own, wish)
		form.values = r.PostForm
		if wish = form.wish(); len(form.faults) > 0 {
			return s.alertAt(w, r, &form)
		}
		said = "Saved."
		if _, err := engine.Revise(ctx, profile, id, wish, s.Who); form.failed(err) {
			return s.alertAt(w, r, &form)
		} else if err != nil {
			return err
		}
		return s.redirect(w, r, own, said)
	case "remove":
		if _, err := engine.Close(ctx, profile, id); err != nil {
			return err
		}
		return s.redirect(w, r, list, "The subscription of "+alertTitle(at.Subscription)+" is removed.")
	case "test":
		_, err := engine.Test(ctx, profile, id, s.Now().UTC())
		if failed, ok := errors.AsType[alerts.UndeliveredError](err); ok {
			return s.redirect(w, r, own, sentence(failed))
		}
		if err != nil {
			return err
		}
		return s.redirect(w, r, own, "The test was taken. See whether it has arrived.")
	default:
		return wrongf("do=%.40q is none of save, pause, resume, remove, test.", do)
	}
	if _, err := engine.Revise(ctx, profile, id, wish, s.Who); err != nil {
		return err
	}
	return s.redirect(w, r, own, said)
}

// subscriptionOf is the subscription of the secret in the address; nothing is told of one of another channel.
func (s *server) subscriptionOf(ctx context.Context, secret string, channel alerts.Channel) (alerts.Subscription, error) {
	nothing := fault{http.StatusNotFound, "There is nothing at this address", "It may have been removed. Ask whoever gave it to you for another."}
	engine, err := s.alerting()
	if err != nil {
		return alerts.Subscription{}, err
	}
	a, err := engine.BySecret(ctx, secret)
	if err != nil && !isNotFound(err) {
		return a, err
	}
	if err != nil || a.Channel != channel {
		return alerts.Subscription{}, nothing
	}
	return a, nil
}
