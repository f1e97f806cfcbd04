package main

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/web"
)

// apiServer serves the demo of a home folder.
func apiServer(t *testing.T, home string) http.Handler {
	t.Helper()
	var out bytes.Buffer
	if code := runHere([]string{"demo"}, home, &out); code != exitDone {
		t.Fatalf("demo exits with %d\n%s", code, out.String())
	}
	a := &app{env: environment("HOME", home, "USER", "you"), stdin: strings.NewReader(""), stdout: &out, stderr: t.Output()}
	if err := a.configure(a.globalFlags()); err != nil {
		t.Fatal(err)
	}
	a.demoSettings()
	d, err := a.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	o, err := a.webOptions(d, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	return web.New(o)
}

// TestAPI: the API answers with the bytes that --json prints.
func TestAPI(t *testing.T) {
	home := t.TempDir()
	pairs := []struct{ command, path string }{
		{"profile list", "/profiles"},
		{"profile show hartwell-resolve", "/profiles/hartwell-resolve"},
		{"match hartwell-resolve --limit 7 --order deadline", "/profiles/hartwell-resolve/match?limit=7&order=deadline"},
		{"match hartwell-resolve --limit 20 --all", "/profiles/hartwell-resolve/match?all=true"},
		{"review hartwell-resolve", "/profiles/hartwell-resolve/review"},
		{"review hartwell-resolve --filter advice=bid&advice=review&words=mediation --order low --limit 3 --offset 1",
			"/profiles/hartwell-resolve/review?advice=bid&advice=review&words=mediation&order=low&limit=3&from=1"},
		{"explain hartwell-resolve ocds-h6vhtk-demo02", "/profiles/hartwell-resolve/fits/ocds-h6vhtk-demo02"},
		{"explain hartwell-resolve ocds-h6vhtk-demo02/2 --what-if --since decision", "/profiles/hartwell-resolve/fits/ocds-h6vhtk-demo02?lot=2&whatIf=true&since=decision"},
		{"pack hartwell-resolve ocds-h6vhtk-demo02/2", "/profiles/hartwell-resolve/fits/ocds-h6vhtk-demo02/pack?lot=2"},
		{"show ocds-h6vhtk-demo02", "/notices/ocds-h6vhtk-demo02"},
		{"show ocds-h6vhtk-demo02 --raw", "/notices/ocds-h6vhtk-demo02/record"},
		{"search mediation --has stage:tender --limit 3", "/search?q=mediation&has=stage:tender&limit=3"},
		{"similar ocds-h6vhtk-demo02", "/notices/ocds-h6vhtk-demo02/similar"},
		{"clients ocds-h6vhtk-demo02/2", "/notices/ocds-h6vhtk-demo02/clients?lot=2"},
		{"buyer potterford --limit 2", "/buyers/potterford?limit=2"},
		{"supplier GB-COH-09999102", "/suppliers/GB-COH-09999102"},
		{"renewals hartwell-resolve --within 36m --limit 20", "/profiles/hartwell-resolve/renewals?within=36"},
		{"outcomes hartwell-resolve", "/profiles/hartwell-resolve/outcomes"},
		{"rate hartwell-resolve --show", "/profiles/hartwell-resolve/ratings"},
		{"shortlist hartwell-resolve", "/profiles/hartwell-resolve/shortlist"},
		{"shortlist hartwell-resolve --dates", "/profiles/hartwell-resolve/agenda"},
		{"budget hartwell-resolve --hours-per-bid 30 --review", "/profiles/hartwell-resolve/budget?hoursPerBid=30&review=true"},
		{"alert list hartwell-resolve", "/profiles/hartwell-resolve/alerts"},
		{"export hartwell-resolve --format json", "/profiles/hartwell-resolve/export/json"},
	}
	run := func(command string) string {
		var out bytes.Buffer
		args := append(strings.Fields(command), "--data", filepath.Join(home, ".local", "share", "bidfit", "demo"), "--as-of", sampleDay.Format("2006-01-02T15:04:05Z07:00"))
		if code := runHere(args, home, &out); code != exitDone {
			t.Fatalf("%s exits with %d\n%s", command, code, out.String())
		}
		return out.String()
	}
	var demo bytes.Buffer
	if code := runHere([]string{"demo"}, home, &demo); code != exitDone {
		t.Fatalf("demo exits with %d\n%s", code, demo.String())
	}
	for _, command := range []string{"alert add hartwell-resolve --feed --score 40", "decide hartwell-resolve ocds-h6vhtk-demo02/2 watch", "rate hartwell-resolve ocds-h6vhtk-demo01 known",
		"shortlist hartwell-resolve ocds-h6vhtk-demo02/2 --stage prepare --next call --by 2026-07-01 --hours 24"} {
		run(command)
	}
	printed := make([]string, len(pairs))
	for i, p := range pairs {
		if !strings.Contains(p.command, "--format") && !strings.Contains(p.command, "--raw") {
			p.command += " --json"
		}
		printed[i] = run(p.command)
	}
	server := apiServer(t, home)
	for i, p := range pairs {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/api/v1"+p.path, nil)
		server.ServeHTTP(w, r)
		if got := w.Body.String(); w.Code != http.StatusOK || got != printed[i] {
			at := 0
			for at < min(len(got), len(printed[i])) && got[at] == printed[i][at] {
				at++
			}
			t.Errorf("%s answers with %d and, from byte %d on,\n%.200s\n%s prints\n%.200s", p.path, w.Code, at, got[max(0, at-40):], p.command, printed[i][max(0, at-40):])
		}
	}
}

// TestAPIDocs runs the curl commands of docs/api.md one after another against the demo, and compares what they print. "…" at the end of a line
// stands for the rest of it. With -update what they print is written anew.
func TestAPIDocs(t *testing.T) {
	const file = "../../docs/api.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(apiServer(t, t.TempDir()))
	t.Cleanup(server.Close)
	var written strings.Builder
	commands := 0
	for i, block := range strings.Split(string(text), "```") {
		if i > 0 {
			written.WriteString("```")
		}
		body, ok := strings.CutPrefix(block, "console\n")
		if i%2 == 0 || !ok {
			written.WriteString(block)
			continue
		}
		written.WriteString("console\n")
		for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
			command, want, _ := strings.Cut(part, "\n")
			want = strings.TrimSuffix(want, "\n")
			got := strings.TrimRight(curl(t, server.URL, command), "\n")
			commands++
			if got = elide(want, got); !*update && want != got {
				t.Errorf("docs/api.md shows that %s prints\n%s\nit prints\n%s", command, want, got)
			}
			written.WriteString("$ " + command + "\n" + got + "\n")
		}
	}
	if commands < 8 {
		t.Errorf("docs/api.md shows %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(file, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// elide leaves out of a text what another leaves out of it: as many members at the end of a line, as long as they are as long.
func elide(want, got string) string {
	const about = 4 // bytes by which values may be longer
	lines := strings.Split(got, "\n")
	for i, w := range strings.Split(want, "\n") {
		if begin, ok := strings.CutSuffix(w, "…"); ok && i < len(lines) && len(lines[i]) > len(begin) {
			lines[i] = lines[i][:strings.LastIndexByte(lines[i][:min(len(lines[i]), len(begin)+about)], ',')+1] + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// curl does what the command does of which the documentation shows the switches used here: it sends a request and gives what comes back.
func curl(t *testing.T, server, command string) string {
	t.Helper()
	words := shellWords(strings.NewReplacer("'", "\"", "\"", "\x00").Replace(command))
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "\x00", "\"")
	}
	if len(words) == 0 || words[0] != "curl" {
		t.Fatalf("docs/api.md shows %q, which this test cannot run", command)
	}
	switches := flag.NewFlagSet("curl", flag.ContinueOnError)
	var header http.Header = http.Header{}
	method, data := switches.String("X", "", ""), switches.String("d", "", "")
	switches.Bool("s", false, "")
	head := switches.Bool("i", false, "")
	switches.Func("H", "", func(s string) error {
		name, value, _ := strings.Cut(s, ": ")
		header.Add(name, value)
		return nil
	})
	if err := switches.Parse(words[1:]); err != nil || switches.NArg() != 1 {
		t.Fatalf("%s: %v, %q", command, err, switches.Args())
	}
	at, ok := strings.CutPrefix(switches.Arg(0), "http://127.0.0.1:8080")
	if !ok {
		t.Fatalf("%s goes elsewhere", command)
	}
	if *method == "" {
		*method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(context.Background(), *method, server+at, strings.NewReader(*data))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	res, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out bytes.Buffer
	if *head {
		out.WriteString(res.Proto + " " + res.Status + "\n")
		for _, name := range []string{"Content-Type", "ETag", "Location"} {
			if v := res.Header.Get(name); v != "" {
				out.WriteString(name + ": " + v + "\n")
			}
		}
		out.WriteString("\n")
	}
	if _, err := out.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
