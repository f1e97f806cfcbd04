package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bidfit/desk"
	"bidfit/feeds"
	"bidfit/feeds/contractsfinder"
	"bidfit/feeds/file"
	"bidfit/feeds/findatender"
	"bidfit/feeds/proactis"
)

// service is a feed that the program can read, by the name it has everywhere.
type service struct {
	name  string
	title string
	about string
	base  string     // the address of the service; "" for what has none
	rate  feeds.Rate // how often it may be asked
	every string     // usual interval of the schedule
	make  func(a *app, base string, rate feeds.Rate) (feeds.Feed, error)
}

// services are all of them, those that most people want first.
var services = []service{
	{
		name: "find-a-tender", title: "Find a Tender", about: "Procurement of public bodies in all of the United Kingdom", every: "15m",
		base: findatender.Base, rate: findatender.Allowed,
		make: func(a *app, base string, rate feeds.Rate) (feeds.Feed, error) {
			return findatender.New(findatender.Options{BaseURL: base, Rate: rate, Version: thisVersion().Version, Log: a.feedLog()})
		},
	},
	{
		name: contractsfinder.Name, title: "Contracts Finder", about: "Lower-value notices in England, and awards", every: "1h",
		base: contractsfinder.BaseURL, rate: contractsfinder.Rate,
		make: func(a *app, base string, rate feeds.Rate) (feeds.Feed, error) {
			return contractsfinder.New(contractsfinder.Options{BaseURL: base, Rate: rate, Version: thisVersion().Version, Log: a.feedLog()}), nil
		},
	},
	{
		name: proactis.ScotlandName, title: "Public Contracts Scotland", about: "Notices of public bodies in Scotland, by month", every: "12h",
		base: proactis.ScotlandURL, rate: proactis.Rate,
		make: func(a *app, base string, rate feeds.Rate) (feeds.Feed, error) {
			return proactis.Scotland(proactis.Options{BaseURL: base, Rate: rate, Version: thisVersion().Version, Log: a.feedLog()}), nil
		},
	},
	{
		name: proactis.WalesName, title: "Sell2Wales", about: "Notices of public bodies in Wales, by month", every: "12h",
		base: proactis.WalesURL, rate: proactis.Rate,
		make: func(a *app, base string, rate feeds.Rate) (feeds.Feed, error) {
			return proactis.Wales(proactis.Options{BaseURL: base, Rate: rate, Version: thisVersion().Version, Log: a.feedLog()}), nil
		},
	},
	{
		name: file.Name, title: "A folder", about: "Files of notices that somebody puts into a folder, each read once", every: "1m",
		make: func(a *app, _ string, _ feeds.Rate) (feeds.Feed, error) {
			return file.New(file.Options{Dir: a.path(a.config.Sync.Folder)}), nil
		},
	},
}

// serviceNames are what a feed may be called.
func serviceNames() string {
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = s.name
	}
	return strings.Join(names, ", ")
}

// findService is the service of a name.
func findService(name string) (service, error) {
	i := slices.IndexFunc(services, func(s service) bool { return s.name == name })
	if i < 0 {
		return service{}, usagef("there is no feed %q; the feeds are %s", name, serviceNames())
	}
	return services[i], nil
}

// feedFlags are what the command line may say of a feed for once.
type feedFlags struct{ base, rate string }

// scheduled is a service as the schedule has it, by the configuration and the flags.
func (a *app) scheduledFeed(s service, f feedFlags) (desk.Scheduled, error) {
	c := a.config.Sync
	out := desk.Scheduled{Title: s.title, About: s.about, On: slices.Contains(c.Feeds, s.name)}
	var err error
	if out.Every, err = parseSpan("sync.every."+s.name, c.Every[s.name]); err != nil {
		return out, err
	}
	if out.Since, err = parseSpan("sync.since", c.Since); err != nil {
		return out, err
	}
	if out.Stale, err = parseSpan("sync.stale", c.Stale); err != nil {
		return out, err
	}
	base, setting := f.base, "--base-url"
	if base == "" {
		base, setting = c.URL[s.name], "sync.url."+s.name
	}
	switch {
	case base == "":
		base = s.base
	case s.base == "":
		return out, usagef("%s: %s has no address; sync.folder says where its files are", setting, s.name)
	default:
		if base, err = checkBase(setting, base, s.base); err != nil {
			return out, err
		}
	}
	if base != s.base {
		out.At = base
	}
	rate := s.rate
	if f.rate != "" {
		if s.base == "" {
			return out, usagef("--rate: %s asks nobody", s.name)
		}
		if rate, err = feeds.ParseRate(f.rate); err != nil {
			return out, usageError{err}
		}
		if own := s.rate; out.At == "" && int64(rate.Requests)*int64(own.Per) > int64(own.Requests)*int64(rate.Per) {
			return out, usagef("--rate: %s is more than %s takes, %s; it would refuse more than that", rate, s.title, own)
		}
	}
	out.Rate = rate
	out.Feed, err = s.make(a, base, rate)
	return out, err
}

// scheduled are all feeds that there are. A folder is one once it is named.
func (a *app) scheduled() ([]desk.Scheduled, error) {
	var list []desk.Scheduled
	for _, s := range services {
		if s.base == "" && a.config.Sync.Folder == "" {
			continue
		}
		f, err := a.scheduledFeed(s, feedFlags{})
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// checkSync says what is wrong with the settings of the feeds.
func (a *app) checkSync() error {
	for _, name := range a.config.Sync.Feeds {
		s, err := findService(name)
		if err != nil {
			return usagef("sync.feeds: %w", err)
		}
		if s.base == "" && a.config.Sync.Folder == "" {
			return usagef("sync.feeds: %s needs sync.folder, the folder that is looked through", name)
		}
	}
	_, err := a.scheduled()
	return err
}

// checkBase says whether an address may be asked for notices: over https, or on this machine.
func checkBase(setting, base, example string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", usagef("%s: this is no address; write it as %s", setting, example) // the error would name a password in it
	}
	switch {
	case u.User != nil:
		return "", usagef("%s: leave out the user name and password of %s; the services ask for none", setting, u.Host)
	case u.Host == "", u.Scheme != "https" && u.Scheme != "http", u.RawQuery != "", u.Fragment != "":
		return "", usagef("%s: %q is no address of a service; write it as %s", setting, base, example)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", usagef("%s: what comes over http can be changed on the way; write https://%s, http is for this machine alone", setting, u.Host+u.Path)
	}
	return strings.TrimRight(base, "/"), nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// parseSpan reads a length of time: 30d, 2w, 12h, 15m.
func parseSpan(setting, s string) (time.Duration, error) {
	unit := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	d, err := time.ParseDuration(s)
	if n := len(s); n > 1 && unit[s[n-1:]] > 0 {
		var many int
		if many, err = strconv.Atoi(s[:n-1]); many > 36500 {
			err = fmt.Errorf("more than a hundred years")
		}
		d = time.Duration(many) * unit[s[n-1:]]
	}
	if err != nil || d < time.Second {
		return 0, usagef("%s: %q is no length of time such as 30d, 2w, 12h or 15m", setting, s)
	}
	return d, nil
}
