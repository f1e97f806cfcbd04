// Package guard keeps addresses that people type from leading into the network that bidfit runs in (server-side request forgery).
//
// What is typed is looked at twice: [Guard.URL] says at once what can never be, and [Guard.DialContext] looks at each
// address that a connection is about to be made to, after names are resolved. So neither a name that resolves to another address the
// second time nor another spelling of one helps. Which addresses belong to nobody in the internet is IANA's registry, as
// code.dny.dev/ssrf has it; an operator may allow what is in a network of their own.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// ErrForbidden says that an address is not allowed as a target.
var ErrForbidden = errors.New("not allowed as a target")

// usualPorts are those a target may have that nobody allowed another.
var usualPorts = []uint16{443, 80}

// hosted are addresses that clouds answer at from inside, in space that IANA has as public: the "wire server" of Azure.
var hosted = []netip.Prefix{netip.MustParsePrefix("168.63.129.16/32")}

// mostURL is how many bytes an address may have.
const mostURL = 2000

// dialTimeout is how long making a connection may take.
const dialTimeout = 5 * time.Second

// Guard says where connections may lead. It is safe for concurrent use.
type Guard struct {
	ports []uint16
	nets  []netip.Prefix
	// hosts are names and addresses with their port, "hooks.internal:8443", that may be whatever they resolve to.
	hosts  map[string]bool
	checks *ssrf.Guardian
	dialer net.Dialer
}

// New is a guard that allows the internet, at ports 443 and 80, and what an operator lists besides:
//
//	10.0.0.0/8            a network (or 10.1.2.3, one address of it) at the usual ports
//	hooks.internal:8443   a name or an address with its port, whatever it resolves to
//	hooks.internal        a name at the usual ports
//	:8443                 a port of the internet's addresses
func New(allow []string) (*Guard, error) {
	g := &Guard{ports: slices.Clone(usualPorts), hosts: map[string]bool{}, dialer: net.Dialer{Timeout: dialTimeout}}
	for _, s := range allow {
		if err := g.allow(strings.ToLower(strings.TrimSpace(s))); err != nil {
			return nil, fmt.Errorf("%q is nothing that can be allowed: %w; write a network (10.0.0.0/8), a host and port (hooks.internal:8443), a host, or a port (:8443)", s, err)
		}
	}
	var v4, v6 []netip.Prefix
	for _, p := range g.nets {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	g.checks = ssrf.New(ssrf.WithPorts(g.ports...), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...), ssrf.WithDeniedV4Prefixes(hosted...))
	return g, nil
}

func (g *Guard) allow(s string) error {
	if p, err := netip.ParsePrefix(s); err == nil {
		if p.Addr().Is4In6() {
			return errors.New("it is an IPv4 network written as IPv6")
		}
		g.nets = append(g.nets, p.Masked())
		return nil
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		if ip.Zone() != "" {
			return errors.New("it has a zone")
		}
		ip = ip.Unmap()
		g.nets = append(g.nets, netip.PrefixFrom(ip, ip.BitLen()))
		return nil
	}
	if port, ok := strings.CutPrefix(s, ":"); ok {
		n, err := portOf(port)
		if err != nil {
			return err
		}
		g.ports = append(g.ports, n)
		return nil
	}
	if host, port, err := net.SplitHostPort(s); err == nil {
		n, err := portOf(port)
		if err != nil {
			return err
		}
		if _, err := netip.ParseAddr(host); err != nil && !isName(host) {
			return errors.New("the host is neither a name nor an address")
		}
		g.hosts[hostPort(host, n)] = true
		return nil
	}
	if !isName(s) {
		return errors.New("it is neither a name nor an address")
	}
	for _, n := range usualPorts {
		g.hosts[hostPort(s, n)] = true
	}
	return nil
}

// hostPort is a host and a port as they are compared.
func hostPort(host string, port uint16) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.Unmap().String()
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(host), "."), strconv.Itoa(int(port)))
}

func portOf(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no port", s)
	}
	return uint16(n), nil
}

// isName reports whether a text can be the name of a host. One whose last label is a number is none: some resolvers take it for an address.
func isName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	if _, err := strconv.ParseUint(last, 0, 64); err == nil {
		return false
	}
	return strings.Trim(last, "0123456789") != ""
}

// URL reads the address of a webhook: https, or http where an operator has allowed the very host and port; without user or fragment.
// Where a name leads is seen when a connection is made.
func (g *Guard) URL(raw string) (*url.URL, error) {
	wrong := func(format string, args ...any) (*url.URL, error) {
		return nil, fmt.Errorf("the address is %w: %s", ErrForbidden, fmt.Sprintf(format, args...))
	}
	if len(raw) > mostURL {
		return wrong("it has %d bytes of the %d it may have", len(raw), mostURL)
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
		return wrong("it holds a blank, a backslash or a character that is not ASCII; write a name of another script as xn--…, and anything else as %%20")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return wrong("it cannot be read as a URL such as https://hooks.example/bidfit")
	}
	host, port := u.Hostname(), uint16(443)
	if u.Scheme == "http" {
		port = 80
	}
	if u.Port() != "" {
		if port, err = portOf(u.Port()); err != nil {
			return wrong("%s", err)
		}
	}
	own := g.hosts[hostPort(host, port)]
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return wrong("%q is not https", u.Scheme)
	case u.User != nil:
		return wrong("it holds a user or a password, which would be seen wherever it is shown; leave them out, what is sent is signed")
	case u.Fragment != "":
		return wrong("it has a part behind #, which is never sent")
	case host == "" || u.Opaque != "":
		return wrong("it names no host")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if !own {
			if err := g.checks.SafeAddr(ip.Unmap()); err != nil {
				return wrong("%s is no address of the internet (alerts.allow in the configuration can allow it)", host)
			}
		}
	} else if !isName(host) {
		return wrong("%q is neither the name nor the address of a host", host)
	}
	switch {
	case own:
	case u.Scheme == "http" && !g.inside(host):
		return wrong("it is http, which anybody on the way can read and change; write https, or have the host and port allowed (alerts.allow in the configuration)")
	case !slices.Contains(g.ports, port):
		return wrong("its port is %d and not 443 (alerts.allow in the configuration can allow it)", port)
	}
	return u, nil
}

// inside reports whether a host is written as an address of a network that an operator allowed.
func (g *Guard) inside(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(g.nets, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}

// DialContext makes a connection as [net.Dialer] does, to addresses that are allowed alone.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	n, err := portOf(port)
	if err != nil {
		return nil, err
	}
	d := g.dialer
	if !g.hosts[hostPort(host, n)] {
		d.ControlContext = g.control
	}
	return d.DialContext(ctx, network, address)
}

// Check says whether a connection to an address may be made.
func (g *Guard) Check(to netip.AddrPort) error {
	if g.hosts[hostPort(to.Addr().String(), to.Port())] {
		return nil
	}
	if err := g.checks.SafeAddrPort(netip.AddrPortFrom(to.Addr().Unmap(), to.Port())); err != nil {
		return fmt.Errorf("%s is %w: no address of the internet at port 443 (alerts.allow in the configuration can allow it)", to, ErrForbidden)
	}
	return nil
}

// control looks at the address that a socket is about to be connected to: by then every name is resolved.
func (g *Guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%s is %w: it is no TCP", network, ErrForbidden)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q is %w: %w", address, ErrForbidden, err)
	}
	return g.Check(to)
}
