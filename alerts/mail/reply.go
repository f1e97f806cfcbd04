package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"bidfit/alerts"
)

// enhanced is a status of RFC 3463 at the beginning of a reply. Servers write one also where they do not announce it.
var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// gone are the statuses that say that there is no such mailbox, and will be none: no such mailbox or domain, an address nothing can be sent
// to, moved away, a domain that takes no e-mail. "Disabled" (5.2.1) is none of them: large providers say it of one that gets
// too much at the moment.
var gone = []string{"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}

// verdict is what a failure means for a message. What is wrong with this side (no connection, no encryption, no login, a sender that is
// not allowed) is for an operator to put right, and the message waits for that.
func (s *Sender) verdict(ctx context.Context, during phase, to string, err error) error {
	if login, ok := errors.AsType[loginError](err); ok {
		during, err = loggingIn, login.error
	}
	reply, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("%s, %s: %w", s.server(), during, err)
	}
	// A server may quote the address; who reads the error knows it, and a log need not.
	text := shown(300, strings.ReplaceAll(reply.Msg, to, "***"))
	err = fmt.Errorf("%s, %s: it answered %d %s", s.server(), during, reply.Code, text)
	if reply.Code < 500 || reply.Code > 599 || during != recipient && during != content {
		return err
	}
	status := enhanced.FindString(reply.Msg)
	switch {
	case slices.Contains(gone, status), reply.Code == 556, reply.Code == 521 && during == recipient:
		if during == recipient {
			return fmt.Errorf("%w: %w", alerts.ErrGone, err)
		}
	case status == "5.2.2", // the mailbox is full
		reply.Code == 552 && during == recipient,               // as 452: RFC 5321, 4.5.3.1.10
		slices.Contains([]int{502, 503, 530, 535}, reply.Code): // it wants a login
		return err
	}
	return fmt.Errorf("%w: %w", alerts.ErrRefused, err)
}
