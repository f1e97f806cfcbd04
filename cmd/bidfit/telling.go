package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	"bidfit/alerts"
	"bidfit/alerts/guard"
	"bidfit/alerts/mail"
	"bidfit/alerts/webhook"
	"bidfit/desk"
	"bidfit/store"
)

// telling is how people are told, for all workspaces of a process: of each there is one engine.
type telling struct {
	store   store.Store
	by      map[alerts.Channel]alerts.Deliverer
	options alerts.Options

	mu      sync.Mutex
	engines map[store.Workspace]*alerts.Engine
}

// tells sets up how people are told, once, by the configuration; nothing is connected yet. A store has to be open.
func (a *app) tells() (*telling, error) {
	if a.host != nil {
		return a.host.telling, nil
	}
	if a.telling != nil {
		return a.telling, nil
	}
	c := a.config
	if c.Alerts.URL != "" {
		if u, err := url.Parse(c.Alerts.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
			return nil, usagef("alerts.url: %q is no address such as https://bidfit.supplier.example, without a path", c.Alerts.URL)
		}
	}
	g, err := guard.New(c.Alerts.Allow)
	if err != nil {
		return nil, usagef("alerts.allow: %w", err)
	}
	t := &telling{store: a.store, engines: map[store.Workspace]*alerts.Engine{}, by: map[alerts.Channel]alerts.Deliverer{
		alerts.Webhook: webhook.New(webhook.Options{Guard: g, Agent: "bidfit/" + thisVersion().Version}),
	}}
	sends := c.SMTP.Host != ""
	if sends {
		password, err := a.smtpPassword()
		if err != nil {
			return nil, err
		}
		if t.by[alerts.Email], err = mail.New(mail.Options{
			Host: c.SMTP.Host, Port: c.SMTP.Port, Encryption: mail.Encryption(c.SMTP.TLS), User: c.SMTP.User, Password: password, From: c.SMTP.From, Base: c.Alerts.URL,
		}); err != nil {
			return nil, usageError{err}
		}
	}
	t.options = alerts.Options{
		Log: a.log(),
		Check: func(s alerts.Subscription) error {
			switch s.Channel {
			case alerts.Email:
				if !sends {
					return errors.New("no e-mail can be sent yet: name a server under smtp.host, and a sender under smtp.from, in the configuration (docs/alerts.md)")
				}
				_, err := mail.Address(s.To)
				return err
			case alerts.Webhook:
				_, err := g.URL(s.To)
				return err
			}
			return nil
		},
		Destination: func(s alerts.Subscription) string {
			if u, err := url.Parse(s.To); err == nil && s.Channel == alerts.Webhook {
				return u.Host
			}
			return ""
		},
		Timeout: 2 * time.Minute, // a webhook has less, by its own
	}
	a.telling = t
	return t, nil
}

// alerts is who tells people of a desk's workspace.
func (a *app) alerts(d *desk.Desk) (*alerts.Engine, error) {
	t, err := a.tells()
	if err != nil {
		return nil, err
	}
	ws := store.Workspace(a.config.Workspace)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.engines[ws] == nil {
		t.engines[ws] = alerts.NewEngine(d, t.store, ws, t.by, t.options)
	}
	return t.engines[ws], nil
}

// alertsHost is the name in alerts.url; "" where none is there.
func (a *app) alertsHost() string {
	u, err := url.Parse(a.config.Alerts.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// tick is what tells people, to be called every minute and after notices have come.
func (a *app) tick(d *desk.Desk) func(context.Context) {
	return func(ctx context.Context) {
		engine, err := a.alerts(d)
		if err == nil {
			var r alerts.Report
			if r, err = engine.Tick(ctx, time.Now()); r.Delivered+r.Failed+r.GivenUp > 0 {
				a.log().Info("alerts", "delivered", r.Delivered, "failed", r.Failed, "givenUp", r.GivenUp, "waiting", r.Waiting)
			}
		}
		if err != nil && ctx.Err() == nil {
			a.log().Error("alerts: not everything that is due was done; it is tried again in a minute", "why", err)
		}
	}
}

// mostPassword is how many bytes the file of a password may have.
const mostPassword = 1024

// smtpPassword is the password of the configuration, or that of the file it names, which nobody else may read.
func (a *app) smtpPassword() (mail.Password, error) {
	c := a.config.SMTP
	if c.PasswordFile == "" {
		return c.Password, nil
	}
	if c.Password != "" {
		return "", usagef("smtp.password and smtp.password_file are both there; leave one out")
	}
	f, err := a.openNamed(c.PasswordFile)
	if err != nil {
		return "", usagef("smtp.password_file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", usagef("smtp.password_file: %w", err)
	}
	if mode := info.Mode(); runtime.GOOS != "windows" && mode.Perm()&0o077 != 0 {
		return "", usagef("smtp.password_file: %s can be read by others (its rights are %04o): chmod 600 %s", c.PasswordFile, mode.Perm(), c.PasswordFile)
	} else if !mode.IsRegular() {
		return "", usagef("smtp.password_file: %s is no file", c.PasswordFile)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostPassword+1))
	if err != nil {
		return "", fmt.Errorf("smtp.password_file: %w", err)
	}
	password := strings.TrimRight(string(text), "\r\n")
	if password == "" || len(text) > mostPassword || strings.ContainsAny(password, "\r\n\x00") {
		return "", usagef("smtp.password_file: %s does not hold a password and nothing else, on one line", c.PasswordFile)
	}
	return mail.Password(password), nil
}
