package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

func environment(pairs ...string) lookup {
	return func(key string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == key {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// TestExampleConfig holds config.example.yaml against the defaults: every key
// is there, with its default, and no other.
func TestExampleConfig(t *testing.T) {
	v := viper.New()
	v.SetConfigFile("../../config.example.yaml")
	if err := v.ReadInConfig(); err != nil {
		t.Fatal(err)
	}
	for key, want := range defaults {
		if !v.InConfig(key) && v.Get(key) == nil {
			t.Errorf("config.example.yaml lacks %s", key)
		} else if got := v.Get(key); !reflect.DeepEqual(got, want) {
			t.Errorf("config.example.yaml: %s is %v, the default %v", key, got, want)
		}
	}
	for _, key := range v.AllKeys() {
		if _, ok := defaults[key]; !ok {
			t.Errorf("config.example.yaml has %s, which is no setting", key)
		}
	}
	c, err := (&app{env: environment("HOME", "/home/a", "USER", "a")}).loadConfig("../../config.example.yaml", pflag.NewFlagSet("", pflag.ContinueOnError))
	if err != nil {
		t.Fatal(err)
	}
	if want := "bolt:/home/a/.local/share/bidfit/bidfit.db"; c.Store != want {
		t.Errorf("the store is %q, want %q", c.Store, want)
	}
}

// TestConfigOrder: a flag wins over the environment, that over the file, that over the default.
func TestConfigOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("data: from-file\nworkspace: from-file\nmatch:\n  limit: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.String("data", "", "")
	if err := flags.Set("data", "from-flag"); err != nil {
		t.Fatal(err)
	}
	c, err := (&app{env: environment("BIDFIT_DATA", "from-env", "BIDFIT_MATCH_LIMIT", "9", "USER", "a")}).loadConfig(file, flags)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Data, c.Workspace, c.Match.Limit, c.Match.Order}
	if want := []any{"from-flag", "from-file", 9, "score"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestConfigErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	for text, want := range map[string]string{
		"dta: x\n":                `there is no setting "dta"`,
		"match: {limit: lots}\n":  "Limit",
		"match: {limit: -1}\n":    "match.limit: it is -1",
		"language: klingon\n":     `no names in "klingon"`,
		"data: [\n":               "config.yaml",
		"match: {ordre: score}\n": `there is no setting "match.ordre"`,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := (&app{env: environment("HOME", "/home/a")}).loadConfig(file, pflag.NewFlagSet("", pflag.ContinueOnError))
		var usage usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want a usage error with %q", text, err, want)
		}
	}
	if _, err := (&app{env: environment()}).loadConfig("", pflag.NewFlagSet("", pflag.ContinueOnError)); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("without a home: %v, want the remedy --data", err)
	}
	if _, err := (&app{env: environment("HOME", "/home/a")}).loadConfig("no-such-file.yaml", pflag.NewFlagSet("", pflag.ContinueOnError)); err == nil {
		t.Error("a configuration that was named and is missing is no error")
	}
}
