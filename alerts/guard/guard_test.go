package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func make1(t *testing.T, allow ...string) *Guard {
	t.Helper()
	g, err := New(allow)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// canary listens on this machine, at IPv4 and IPv6, and counts who comes.
func canary(t *testing.T) (port string, came *atomic.Int64) {
	t.Helper()
	came = new(atomic.Int64)
	count := func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			c.Close()
		}
	}
	l, err := net.Listen("tcp", ":0") // of every address that this machine has
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go count(l)
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, came
}

// spellings are ways of writing an address of this machine, of its network or of a cloud's inside, with %s for the port.
var spellings = []string{
	"https://127.0.0.1:%s/", "https://127.0.0.1.:%s/", "https://127.1:%s/", "https://127.0.1:%s/", "https://127.255.255.254:%s/",
	"https://2130706433:%s/", "https://0x7f000001:%s/", "https://0x7f.0x0.0x0.0x1:%s/", "https://0x7f.1:%s/", "https://0177.0.0.1:%s/",
	"https://017700000001:%s/", "https://0177.0.0.01:%s/", "https://00000177.0.0.1:%s/", "https://127.0.0.1%%00.example:%s/", "https://127。0。0。1:%s/",
	"https://①②⑦.⓪.⓪.①:%s/", "https://127.0.0.1%%09:%s/", "https://127%%2e0%%2e0%%2e1:%s/", "https://localhost:%s/", "https://LOCALHOST:%s/",
	"https://localhost.:%s/", "https://ip6-localhost:%s/", "https://localhost.localdomain:%s/", "https://foo.localhost:%s/", "https://0:%s/",
	"https://0.0.0.0:%s/", "https://0.1.2.3:%s/", "https://00.0.0.0:%s/", "https://0x0:%s/", "https://[::]:%s/",
	"https://[::1]:%s/", "https://[0:0:0:0:0:0:0:1]:%s/", "https://[::1%%25lo]:%s/", "https://[::1%%25eth0]:%s/", "https://[0000::1]:%s/",
	"https://[::ffff:127.0.0.1]:%s/", "https://[::ffff:7f00:1]:%s/", "https://[0:0:0:0:0:ffff:7f00:1]:%s/", "https://[::127.0.0.1]:%s/", "https://[::7f00:1]:%s/",
	"https://[64:ff9b::7f00:1]:%s/", "https://[64:ff9b::127.0.0.1]:%s/", "https://[64:ff9b:1::7f00:1]:%s/", "https://[2002:7f00:1::]:%s/", "https://[2002:7f00:1::1]:%s/",
	"https://[2001:0:4136:e378:8000:63bf:80ff:fffe]:%s/", "https://[2001::1]:%s/", "https://[fe80::1]:%s/", "https://[fe80::1%%25eth0]:%s/", "https://[fe80::1%%25lo]:%s/",
	"https://[fec0::1]:%s/", "https://[fc00::1]:%s/", "https://[fd00:ec2::254]:%s/", "https://[fd12:3456:789a::1]:%s/", "https://[ff02::1]:%s/",
	"https://[ff02::1%%25lo]:%s/", "https://[::ffff:0:127.0.0.1]:%s/", "https://[100::1]:%s/", "https://[2001:db8::1]:%s/", "https://[::5efe:7f00:1]:%s/",
	"https://10.0.0.1:%s/", "https://10.255.255.255:%s/", "https://172.16.0.1:%s/", "https://172.31.255.254:%s/", "https://192.168.0.1:%s/",
	"https://192.168.255.254:%s/", "https://100.64.0.1:%s/", "https://100.127.255.254:%s/", "https://100.100.100.200:%s/", "https://169.254.169.254:%s/",
	"https://169.254.170.2:%s/", "https://2852039166:%s/", "https://0xa9fea9fe:%s/", "https://[::ffff:169.254.169.254]:%s/", "https://[::ffff:a9fe:a9fe]:%s/",
	"https://192.0.0.192:%s/", "https://168.63.129.16:%s/", "https://198.18.0.1:%s/", "https://198.19.255.254:%s/", "https://192.0.2.1:%s/",
	"https://224.0.0.1:%s/", "https://239.255.255.250:%s/", "https://240.0.0.1:%s/", "https://255.255.255.255:%s/", "https://192.88.99.1:%s/",
	"http://127.0.0.1:%s/", "http://localhost:%s/", "http://[::1]:%s/", "https://hooks.example@127.0.0.1:%s/", "https://127.0.0.1:%s@hooks.example:443/",
	"https://user:pass@localhost:%s/", "https:///127.0.0.1:%s/", "https:127.0.0.1:%s/", "//127.0.0.1:%s/", "https://127.0.0.1:%s#@hooks.example/",
	"https://127.0.0.1\\@hooks.example:%s/", "https://\t127.0.0.1:%s/", "https://127.0.0.1 :%s/", "https://127.0.0.1\r\nHost: x:%s/", "https://[127.0.0.1]:%s/",
	"gopher://127.0.0.1:%s/_x", "file://127.0.0.1:%s/etc/passwd", "ftp://127.0.0.1:%s/", "dict://127.0.0.1:%s/", "ldap://127.0.0.1:%s/", "unix://127.0.0.1:%s/",
	"javascript://127.0.0.1:%s/", "data://127.0.0.1:%s/", "jar:https://127.0.0.1:%s/!/", "ws://127.0.0.1:%s/", "tcp://127.0.0.1:%s/",
}

// None of them reaches the canary: not as a client takes it after [Guard.URL], and not where somebody forgot to ask.
func TestNoSpellingReachesThisMachine(t *testing.T) {
	port, came := canary(t)
	g := make1(t, ":"+port)                                                                                               // so that the port alone keeps nothing out
	g.dialer.Resolver = (&names{answer: func(string) netip.Addr { return netip.MustParseAddr("127.0.0.1") }}).resolver(t) // whatever is taken for a name
	client := http.Client{Transport: &http.Transport{DialContext: g.DialContext}}
	refused := 0
	for _, form := range spellings {
		raw := fmt.Sprintf(form, port)
		if _, err := g.URL(raw); err != nil {
			refused++
			if !errors.Is(err, ErrForbidden) {
				t.Errorf("%q is refused for another reason: %v", raw, err)
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.Replace(raw, "https://", "http://", 1), nil)
		if err == nil {
			if answer, err := client.Do(r); err == nil {
				answer.Body.Close()
				t.Errorf("%q was answered", raw)
			}
		}
	}
	if n := came.Load(); n != 0 {
		t.Fatalf("the canary was reached %d times", n)
	}
	// Only names say nothing of themselves before they are resolved.
	if let := len(spellings) - refused; let != 6 {
		t.Errorf("%d of %d spellings are let through to the dialler, and 6 names were to be", let, len(spellings))
	}
	// The canary sings.
	if c, err := net.Dial("tcp", "127.0.0.1:"+port); err != nil {
		t.Fatal(err)
	} else {
		c.Read(make([]byte, 1))
		c.Close()
	}
	if came.Load() != 1 {
		t.Error("the canary counts nothing, so it proves nothing")
	}
}

// names is a name server.
type names struct {
	answer func(name string) netip.Addr
}

func (n *names) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			size, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:size]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			ip := n.answer(q.Name.String())
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
			switch {
			case q.Type == dnsmessage.TypeA && ip.Is4():
				m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}}}
			case q.Type == dnsmessage.TypeAAAA && ip.Is6():
				m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}}}
			}
			if out, err := m.Pack(); err == nil {
				c.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

// A name that leads elsewhere the second time it is asked for (DNS rebinding) is looked at when the connection is made.
func TestRebinding(t *testing.T) {
	for _, inside := range []string{"127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1", "0.0.0.0", "::"} {
		t.Run(inside, func(t *testing.T) {
			port, came := canary(t)
			g := make1(t, ":"+port)
			var turned atomic.Bool
			g.dialer.Resolver = (&names{answer: func(string) netip.Addr {
				if turned.Load() {
					return netip.MustParseAddr(inside)
				}
				return netip.MustParseAddr("192.0.2.1") // what a check before the connection would see
			}}).resolver(t)
			if _, err := g.dialer.Resolver.LookupNetIP(t.Context(), "ip4", "hooks.example"); err != nil {
				t.Fatal(err) // the check that does not help
			}
			turned.Store(true)
			if c, err := g.DialContext(t.Context(), "tcp", "hooks.example.:"+port); err == nil {
				c.Close()
				t.Error("a connection was made")
			} else if !errors.Is(err, ErrForbidden) {
				t.Errorf("it is refused for another reason: %v", err)
			}
			if n := came.Load(); n != 0 {
				t.Errorf("the canary was reached %d times", n)
			}
		})
	}
}

// What an operator allows is reached, and nothing beside it.
func TestAllowed(t *testing.T) {
	port, came := canary(t)
	resolver := (&names{answer: func(string) netip.Addr { return netip.MustParseAddr("127.0.0.1") }}).resolver(t)
	for _, c := range []struct {
		allow, to string
		reached   bool
	}{
		{"127.0.0.0/8,:" + port, "127.0.0.1:" + port, true},
		{"127.0.0.1,:" + port, "127.0.0.1:" + port, true},
		{"::ffff:127.0.0.1,:" + port, "127.0.0.1:" + port, true},
		{"::1,:" + port, "[::1]:" + port, true},
		{"127.0.0.0/8,:" + port, "[::1]:" + port, false},
		{"127.0.0.2,:" + port, "127.0.0.1:" + port, false},
		{"127.0.0.0/8", "127.0.0.1:" + port, false}, // at the usual ports alone
		{"127.0.0.1:" + port, "127.0.0.1:" + port, true},
		{"127.0.0.1:" + port, "127.0.0.2:" + port, false},
		{"127.0.0.1:1", "127.0.0.1:" + port, false},
		{"hooks.internal:" + port, "hooks.internal.:" + port, true},
		{"HOOKS.internal:" + port, "hooks.Internal.:" + port, true},
		{"hooks.internal", "hooks.internal.:" + port, false},
		{"hooks.internal:" + port, "other.internal.:" + port, false},
		{"internal:" + port, "hooks.internal.:" + port, false},
	} {
		g := make1(t, strings.Split(c.allow, ",")...)
		g.dialer.Resolver = resolver
		before := came.Load()
		conn, err := g.DialContext(t.Context(), "tcp", c.to)
		if err == nil {
			conn.Read(make([]byte, 1)) // until the canary has counted it
			conn.Close()
		}
		if reached := came.Load() > before; reached != c.reached || (err == nil) != c.reached {
			t.Errorf("allowed %s: %s is reached %t, wanted %t (%v)", c.allow, c.to, reached, c.reached, err)
		}
	}
	for _, s := range []string{"", "  ", "10.0.0.0/33", "10.0.0.0/8:443", "::ffff:10.0.0.0/104", "fe80::1%eth0", "hooks.internal:0", "hooks.internal:99999", "hooks internal", "https://hooks.internal", ":", ":x", "*", "*.internal", "0x7f.1", "127.1"} {
		if _, err := New([]string{s}); err == nil || !strings.Contains(err.Error(), strconv.Quote(strings.TrimSpace(s))) && s != "  " {
			t.Errorf("%q can be allowed, or the error does not say what is wrong: %v", s, err)
		}
	}
}

// Redirects of an outside server to this machine are refused like any other connection, if somebody follows them.
func TestRedirectChain(t *testing.T) {
	port, came := canary(t)
	hops := 0
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hops++; hops < 4 {
			http.Redirect(w, r, "/again", http.StatusFound)
			return
		}
		http.Redirect(w, r, "http://127.0.0.1:"+port+"/", http.StatusTemporaryRedirect)
	}))
	defer outside.Close()
	g := make1(t, strings.TrimPrefix(outside.URL, "http://"), ":"+port)
	client := http.Client{Transport: &http.Transport{DialContext: g.DialContext}}
	answer, err := client.Get(outside.URL)
	if err == nil {
		answer.Body.Close()
	}
	if !errors.Is(err, ErrForbidden) || hops != 4 {
		t.Errorf("after %d hops: %v", hops, err)
	}
	if n := came.Load(); n != 0 {
		t.Errorf("the canary was reached %d times", n)
	}
}

func TestURL(t *testing.T) {
	g := make1(t, "10.0.0.0/8", "hooks.internal:8443", ":9443")
	for _, s := range []string{
		"https://hooks.example/bidfit", "https://hooks.example:443/a?b=c", "https://hooks.example.:443/", "https://xn--bcher-kva.example/", "https://93.184.215.14/",
		"https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "https://10.1.2.3/", "http://10.1.2.3/", "https://hooks.internal:8443/", "http://hooks.internal:8443/", "https://hooks.example:9443/",
	} {
		if u, err := g.URL(s); err != nil || u.String() != s {
			t.Errorf("%s: %v", s, err)
		}
	}
	for s, why := range map[string]string{
		"http://hooks.example/": "it is http", "https://hooks.example:8443/": "8443", "https://a:b@hooks.example/": "password", "https://hooks.example/#x": "#",
		"hooks.example": "https", "": "https", "https://": "no host", "https://hooks_example..x/": "neither", "https://192.168.1.1/": "no address of the internet",
		"https://hooks.example:0/": "no port", "https://hooks.example:70000/": "no port", "https://bücher.example/": "xn--", "http://11.1.2.3/": "it is http",
		"https://hooks.example/" + strings.Repeat("a", mostURL): "bytes", "http://hooks.internal/": "it is http",
	} {
		if _, err := g.URL(s); !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), why) {
			t.Errorf("%.60s: %v, wanted something with %q", s, err, why)
		}
	}
}

// FuzzURL holds every address that is let through against what a client makes of it: no literal of this machine or its network.
func FuzzURL(f *testing.F) {
	for _, s := range spellings {
		f.Add(fmt.Sprintf(s, "443"))
	}
	f.Add("https://hooks.example/")
	g, err := New(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := g.URL(raw)
		if err != nil {
			if !errors.Is(err, ErrForbidden) {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" && u.Port() != "80" {
			t.Errorf("%q is let through as %s", raw, u)
		}
		r, err := http.NewRequest(http.MethodPost, u.String(), nil)
		if err != nil || r.URL.Hostname() != u.Hostname() {
			t.Fatalf("%q: a client makes %v of it (%v)", raw, r, err)
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && (ip.Unmap().IsPrivate() || ip.Unmap().IsLoopback() || ip.Unmap().IsUnspecified() || ip.IsLinkLocalUnicast()) {
			t.Errorf("%q is let through", raw)
		}
	})
}
