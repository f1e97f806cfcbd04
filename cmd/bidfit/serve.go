package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/web"
)

// How long a request may take, so that a client who dawdles holds nothing for ever.
const (
	headTimeout  = 10 * time.Second
	readTimeout  = 5 * time.Minute // a file of notices is uploaded
	writeTimeout = 5 * time.Minute // and read before it is answered
	idleTimeout  = 2 * time.Minute
	mostHead     = 16 << 10
	stopTimeout  = 10 * time.Second // for what is under way when the server is told to stop
)

func (a *app) serveCommand() *cobra.Command {
	var demo, insecure bool
	var hosts []string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Open bidfit in a browser",
		Long: `Serve the pages of bidfit until it is interrupted, at http://127.0.0.1:8080 or where --listen
says; port 0 takes any that is free. The address stands on standard error.

There are no accounts: whoever reaches the address can read and change everything. So it
listens on this machine alone, and --insecure is needed for any other address: keep that one
behind a proxy that asks who is there. --host adds a name that the server answers to.

While it runs, every other command works beside it, through a socket in the data folder. It reads the feeds that
are switched on, under sync.feeds in the configuration or on its page of feeds; none is until you say so. /readyz
tells whether the data is complete and new, /metrics has figures for Prometheus.

--demo reads the bundled sample notices and profile into a folder of their own, as "bidfit
demo" does, and stands at 24 June 2026.`,
		Annotations: atHome(exits(storeExits...)),
		Example:     "  bidfit serve --demo\n  bidfit serve --listen 127.0.0.1:0\n  bidfit serve --as-of 2026-06-24",
		Args:        arguments(),
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.begin(cmd, func() {
				if demo {
					a.demoSettings()
				}
			})
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			listener, own, err := listen(ctx, a.config.Listen, insecure)
			if errors.Is(err, syscall.EADDRINUSE) { // by a server of ours, it may be
				err = cmp.Or(a.runningAlready(ctx), err)
			}
			if err != nil {
				return err
			}
			defer listener.Close()
			return a.stay(ctx, func(d *desk.Desk, open func(at string)) error {
				if demo {
					if _, _, err := a.demoData(ctx, d); err != nil {
						return err
					}
				}
				open(fmt.Sprintf("at http://%s/", listener.Addr()))
				o, err := a.webOptions(d, append(own, hosts...), demo || a.flags.asOf != "")
				if err != nil {
					return err
				}
				o.Reads = !demo // the sample stays as it is
				stopped := func() error { return nil }
				if o.Reads {
					stopped = a.schedule(ctx, d, "bidfit serve")
				}
				return errors.Join(a.serve(ctx, listener, web.New(o)), stopped())
			})
		},
	}
	cmd.Flags().String("listen", "", "`ADDRESS:PORT` to listen at (default 127.0.0.1:8080)")
	cmd.Flags().BoolVar(&demo, "demo", false, "serve the bundled sample, from a folder of its own")
	cmd.Flags().BoolVar(&insecure, "insecure", false, "listen also where other machines can reach it, without accounts")
	cmd.Flags().StringArrayVar(&hosts, "host", nil, "a further `NAME` that the server is reached under (may be repeated)")
	return cmd
}

// webOptions are what the pages are made of.
func (a *app) webOptions(d *desk.Desk, hosts []string, fixed bool) (web.Options, error) {
	engine, err := a.alerts(d)
	if err != nil {
		return web.Options{}, err
	}
	if host := a.alertsHost(); host != "" && len(hosts) > 0 {
		hosts = append(hosts, host)
	}
	day := sampleDay
	if fixed {
		day = a.asOf
	}
	return web.Options{
		Desk: d, Clock: a.clock(fixed), Now: time.Now, Who: a.config.Who, Hosts: hosts, Version: thisVersion().Version,
		Log: a.log(), Alerts: engine, Base: a.config.Alerts.URL,
		Sample: web.Sample{
			Load:     func(ctx context.Context) (desk.Totals, error) { return a.demoNotices(ctx, d) },
			Releases: sampleReleases(), Day: day, Notice: sampleReport,
		},
	}, nil
}

// serve answers until the context ends, and then lets what is under way come to its end.
func (a *app) serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: mostHead,
		ErrorLog: slog.NewLogLogger(a.log().Handler(), slog.LevelWarn),
	}
	fmt.Fprintf(a.stderr, "bidfit: serving %s at http://%s/ (Ctrl-C stops it)\n", a.tilde(a.config.Data), listener.Addr())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("stopping: %w", err), server.Close())
	}
	fmt.Fprintln(a.stderr, "bidfit: stopped")
	return nil
}

// listen opens an address of this machine alone, unless insecure. The second result is what the server is called
// there; none for loopback, whose names it knows itself.
func listen(ctx context.Context, address string, insecure bool) (net.Listener, []string, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, nil, usagef("listen: %q is no address and port such as 127.0.0.1:8080: %w", address, err)
	}
	ip, err := netip.ParseAddr(host)
	local := host == "localhost" || err == nil && ip.IsLoopback()
	if !local && !insecure {
		return nil, nil, usagef("listen: %q can be reached from other machines, and there are no accounts yet: whoever reaches it could read and change everything. "+
			"Listen at 127.0.0.1, or give --insecure where a proxy in front asks who is there", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("listening at %s: %w (--listen takes another address; port 0 is any that is free)", address, err)
	}
	own := []string{"localhost", "127.0.0.1", "::1"}
	if local {
		if err == nil && ip.IsValid() && !slices.Contains(own, ip.String()) {
			own = append(own, ip.String())
		}
		return listener, own, nil
	}
	own = append(own, host)
	if name, err := os.Hostname(); err == nil {
		own = append(own, name)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("finding the addresses of this machine: %w", err), listener.Close())
	}
	for _, at := range addresses {
		if n, ok := at.(*net.IPNet); ok {
			own = append(own, n.IP.String())
		}
	}
	return listener, own, nil
}
