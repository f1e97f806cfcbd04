package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"bidfit/alerts/mail"
	"bidfit/vocab"
)

// config is every setting of bidfit. A flag wins over an environment variable
// (BIDFIT_ and the key in capitals, BIDFIT_MATCH_LIMIT), that over the file, that over the
// default; config.example.yaml says what each is for. Only this file knows viper:
// the rest of the program gets values.
type config struct {
	Data      string
	Store     string
	Index     string
	Workspace string
	Who       string
	Language  string // of CPV names
	Learning  bool   // whether answers given to "rate" teach the ranking
	Match     struct {
		Limit int
		Order string
	}
	Sync struct {
		Feeds  []string          // which ones the schedule reads
		Every  map[string]string // how long after one run the next begins, by feed
		URL    map[string]string // what is read in the place of a service's own address, by feed
		Folder string            // that the feed "folder" looks through
		Since  string            // how far back the first run reads
		Stale  string            // how old what was read may become, until that is told
	}
	Log struct {
		Format string // text or json
		Level  string // debug, info, warn or error
	}
	SMTP struct {
		Host         string        // of the server that takes e-mail; "" sends none
		Port         int           // 0 is the usual one
		TLS          string        // starttls, tls or none
		User         string        // "" does not log in
		Password     mail.Password // better in a file
		PasswordFile string        `mapstructure:"password_file"` // that its owner alone can read
		From         string        // whom e-mail comes from
	}
	Alerts struct {
		URL   string   // that bidfit is reached under by those who are alerted
		Allow []string // what webhooks may lead to beside the internet
	}
	Listen  string // where "serve" is reached, ADDRESS:PORT
	Timeout string // how long to wait for a store that another process has open
}

// defaults holds every key there is: a key without a default would be invisible to the environment.
var defaults = usual(map[string]any{
	"data":               "",
	"store":              "",
	"index":              "",
	"workspace":          "default",
	"who":                "",
	"language":           "en",
	"learning":           true,
	"match.limit":        20,
	"match.order":        "score",
	"listen":             "127.0.0.1:8080",
	"timeout":            "1s",
	"sync.feeds":         []any{},
	"sync.folder":        "",
	"sync.since":         "30d",
	"sync.stale":         "6h",
	"smtp.host":          "",
	"smtp.port":          0,
	"smtp.tls":           "starttls",
	"smtp.user":          "",
	"smtp.password":      "",
	"smtp.password_file": "",
	"smtp.from":          "",
	"alerts.url":         "",
	"alerts.allow":       []any{},
	"log.format":         "text",
	"log.level":          "info",
})

// usual are the defaults, those of each feed included.
func usual(all map[string]any) map[string]any {
	for _, s := range services {
		all["sync.every."+s.name] = s.every
		if s.base != "" {
			all["sync.url."+s.name] = ""
		}
	}
	return all
}

// variable is the environment variable of a setting.
func variable(key string) string {
	return "BIDFIT_" + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

type lookup func(string) (string, bool)

// loadConfig reads the configuration; file is the --config flag, "" for the
// usual places, where a file may be missing.
func (a *app) loadConfig(file string, flags *pflag.FlagSet) (config, error) {
	env := a.env
	v := viper.New()
	for key, value := range defaults {
		v.SetDefault(key, value)
	}
	named := file != ""
	if !named {
		file = usualConfig(env)
	}
	if file != "" {
		v.SetConfigType("yaml")
		err := a.readConfig(v, file)
		switch {
		case err == nil:
			if err := knownKeys(v, file); err != nil {
				return config{}, err
			}
		case !named && errors.Is(err, fs.ErrNotExist):
		default:
			return config{}, usagef("configuration %s: %w", file, err)
		}
	}
	for key := range defaults {
		if value, ok := env(variable(key)); ok && value != "" {
			v.Set(key, value)
		}
	}
	for key, flag := range map[string]string{"data": "data", "language": "language", "listen": "listen"} {
		if f := flags.Lookup(flag); f != nil && f.Changed {
			v.Set(key, f.Value.String())
		}
	}
	var c config
	if err := v.UnmarshalExact(&c); err != nil {
		return config{}, usagef("configuration: %w", err)
	}
	if !slices.Contains(vocab.Languages, c.Language) {
		return config{}, usagef("language: the CPV has no names in %q; write one of %s", c.Language, strings.Join(vocab.Languages, ", "))
	}
	if c.Match.Limit < 0 {
		return config{}, usagef("match.limit: it is %d: write how many to list, 0 for all", c.Match.Limit)
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		return config{}, usagef("log.format: it is %q: write text or json", c.Log.Format)
	}
	if err := new(slog.Level).UnmarshalText([]byte(c.Log.Level)); err != nil {
		return config{}, usagef("log.level: it is %q: write debug, info, warn or error", c.Log.Level)
	}
	if c.Data == "" {
		c.Data = usualData(env)
	}
	if c.Data == "" {
		return config{}, usagef("there is no home folder to keep data in: name one with --data DIR or BIDFIT_DATA")
	}
	if c.Store == "" {
		c.Store = "bolt:" + filepath.Join(c.Data, "bidfit.db")
	}
	if c.Index == "" {
		c.Index = "bleve:" + filepath.Join(c.Data, "index")
	}
	if c.Who == "" {
		c.Who = firstOf(env, "USER", "LOGNAME", "USERNAME")
	}
	if c.Who == "" {
		c.Who = "me"
	}
	return c, nil
}

func (a *app) readConfig(v *viper.Viper, file string) error {
	f, err := a.openNamed(file)
	if err != nil {
		return err
	}
	return errors.Join(v.ReadConfig(f), f.Close())
}

// knownKeys refuses keys that mean nothing here, with the nearest that does.
func knownKeys(v *viper.Viper, file string) error {
	for _, key := range v.AllKeys() {
		if _, ok := defaults[key]; !ok {
			known := make([]string, 0, len(defaults))
			for k := range defaults {
				known = append(known, k)
			}
			slices.Sort(known)
			return usagef("configuration %s: there is no setting %q; the settings are %s", file, key, strings.Join(known, ", "))
		}
	}
	return nil
}

func usualConfig(env lookup) string {
	if file := firstOf(env, "BIDFIT_CONFIG"); file != "" {
		return file
	}
	if dir := firstOf(env, "XDG_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, "bidfit", "config.yaml")
	}
	if home := firstOf(env, "HOME", "USERPROFILE"); home != "" {
		return filepath.Join(home, ".config", "bidfit", "config.yaml")
	}
	return ""
}

func usualData(env lookup) string {
	if dir := firstOf(env, "XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "bidfit")
	}
	if home := firstOf(env, "HOME", "USERPROFILE"); home != "" {
		return filepath.Join(home, ".local", "share", "bidfit")
	}
	return ""
}

func firstOf(env lookup, keys ...string) string {
	for _, k := range keys {
		if v, ok := env(k); ok && v != "" {
			return v
		}
	}
	return ""
}

// spec splits "bolt:PATH" into the engine and what it opens.
func spec(setting, s string) (engine, rest string, err error) {
	engine, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" {
		return "", "", usagef("%s: %q is no ENGINE:PATH", setting, s)
	}
	return engine, rest, nil
}

// makeData creates the data folder, for its owner alone.
func makeData(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("creating the data folder: %w (name another with --data DIR)", err)
	}
	return nil
}
