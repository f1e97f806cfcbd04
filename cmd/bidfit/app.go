package main

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/socket"
	"bidfit/store"
	"bidfit/store/bolt"
	"bidfit/vocab"
)

// app is one run of the program: where it reads and writes, what it was told,
// and the desk once a command has asked for it.
type app struct {
	args           []string
	env            lookup
	stdin          io.Reader
	stdout, stderr io.Writer
	screen         screen

	host   *host        // who does this command for another process, nil for a process of its own
	caller *socket.Call // who gave it to the host

	flags struct {
		config string
		data   string
		asOf   string
		json   bool
		plain  bool
	}
	config config
	asOf   time.Time // what the reports are told the time is
	now    time.Time // when this run started: stamps what it writes
	stays  bool      // it runs until it is told to stop: its log has times

	store store.Store
	index index.Index
	vocab *vocab.Vocab
	desk  *desk.Desk

	telling *telling // how people are told, once something has asked for it
}

func (a *app) globalFlags() *pflag.FlagSet {
	fs := pflag.NewFlagSet("global", pflag.ContinueOnError)
	fs.StringVar(&a.flags.config, "config", "", "configuration `FILE` (config.example.yaml says what may stand in it)")
	fs.StringVar(&a.flags.data, "data", "", "`DIR` with the store and the index (default ~/.local/share/bidfit)")
	fs.StringVar(&a.flags.asOf, "as-of", "", "report as of this `DATE` (2026-06-24 or RFC 3339; moves the clock only)")
	fs.BoolVar(&a.flags.json, "json", false, "print the answer as JSON")
	fs.BoolVar(&a.flags.plain, "no-learning", false, "leave out what the answers given to \"rate\" taught the ranking")
	return fs
}

func (a *app) configure(flags *pflag.FlagSet) (err error) {
	if a.config, err = a.loadConfig(a.flags.config, flags); err != nil {
		return err
	}
	if err := a.checkSync(); err != nil {
		return err
	}
	a.config.Learning = a.config.Learning && !a.flags.plain
	a.now = time.Now()
	a.asOf = a.now.In(notice.London).Truncate(time.Second)
	if a.flags.asOf != "" {
		if a.asOf, err = parseAsOf(a.flags.asOf); err != nil {
			return err
		}
	}
	return nil
}

// parseAsOf reads a date (00:00 in London) or an instant.
func parseAsOf(s string) (time.Time, error) {
	var m notice.Moment
	if err := m.UnmarshalText([]byte(s)); err != nil {
		return time.Time{}, usagef("--as-of: %q is neither a date such as 2026-06-24 nor a time such as 2026-06-24T09:00:00+01:00", s)
	}
	return m.Time.In(notice.London), nil
}

// open opens the store and the index, once.
func (a *app) open() (*desk.Desk, error) {
	if a.desk != nil {
		return a.desk, nil
	}
	if a.host != nil {
		a.desk = a.host.desk.With(a.settings())
		return a.desk, nil
	}
	if err := makeData(a.config.Data); err != nil {
		return nil, err
	}
	log := a.log()
	var err error
	if a.store, err = openStore(a.config); err != nil {
		return nil, err
	}
	if a.index, err = openIndex(a.config, log); err != nil {
		return nil, errors.Join(err, a.close())
	}
	tables, err := a.tables()
	if err != nil {
		return nil, err
	}
	list, err := a.scheduled()
	if err != nil {
		return nil, err
	}
	d := desk.New(a.store, a.index, store.Workspace(a.config.Workspace), log)
	d.UseVocab(tables, a.config.Language)
	d.UseFeeds(list...)
	a.desk = d.With(a.settings())
	return a.desk, nil
}

// settings are what this run wants of a desk that it may share with others.
func (a *app) settings() desk.Settings {
	return desk.Settings{Workspace: store.Workspace(a.config.Workspace), Language: a.config.Language, Plain: !a.config.Learning, Log: a.log()}
}

// tables opens the reference tables, once.
func (a *app) tables() (_ *vocab.Vocab, err error) {
	if a.host != nil {
		return a.host.vocab, nil
	}
	if a.vocab == nil {
		a.vocab, err = vocab.Open(filepath.Join(a.config.Data, "vocab"))
	}
	return a.vocab, err
}

func openStore(c config) (store.Store, error) {
	engine, path, err := spec("store", c.Store)
	if err != nil {
		return nil, err
	}
	timeout, err := time.ParseDuration(c.Timeout)
	if err != nil || timeout <= 0 {
		return nil, usagef("timeout: %q is no length of time such as 1s or 500ms", c.Timeout)
	}
	switch engine {
	case "bolt":
		s, err := bolt.Open(path, store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project}, bolt.Timeout(timeout))
		if err != nil {
			return nil, err // not s: a nil *bolt.Store is no nil store.Store
		}
		return s, nil
	}
	return nil, usagef("store: there is no engine %q; write bolt:PATH", engine)
}

func openIndex(c config, log *slog.Logger) (index.Index, error) {
	engine, dir, err := spec("index", c.Index)
	if err != nil {
		return nil, err
	}
	switch engine {
	case "bleve":
		ix, err := bleve.Open(dir)
		if err != nil {
			return nil, err
		}
		if why := ix.Rebuilt(); why != "" {
			log.Warn("the index could not be used and is rebuilt from the store", "why", why)
		}
		return ix, nil
	}
	return nil, usagef("index: there is no engine %q; write bleve:DIR", engine)
}

func (a *app) close() error {
	var errs []error
	if a.index != nil {
		errs = append(errs, a.index.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.vocab != nil {
		errs = append(errs, a.vocab.Close())
	}
	a.desk, a.vocab, a.index, a.store = nil, nil, nil, nil
	return errors.Join(errs...)
}

// printJSON writes an answer as one line of JSON.
func (a *app) printJSON(v any) error { return desk.WriteJSON(a.stdout, v) }
