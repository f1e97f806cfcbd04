package ocds

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

const (
	// maxOCID is the longest OCID: it is a key in the store. Real ones have some 30 bytes.
	maxOCID = 255
	// maxIssues is how many issues of one release are told one by one.
	maxIssues = 100
)

// tooLarge is the reason for rejecting what outgrows maxRelease.
var tooLarge = fmt.Sprintf("the release is larger than %d MiB: ask its publisher for a smaller one", maxRelease>>20)

// fault is why a release cannot be read at all.
type fault struct {
	code, reason, ocid string
}

// reader turns the JSON text of one release after another into Releases.
type reader struct {
	dec jsontext.Decoder // used again and again: it remembers much
}

// read turns the JSON text of one release into a Release. Text that is right as
// it stands is taken as it is; anything else is repaired first, if it can be.
// raw is not kept.
func (rd *reader) read(raw []byte, spaced bool) (*notice.Release, *fault) {
	var found issues
	head, err := rd.scanHead(raw)
	var text []byte
	if err != nil || bytes.Contains(raw, []byte(`\u0000`)) {
		text, err = repair(raw, &found)
		if err == nil {
			head, err = rd.scanHead(text)
		}
		if errors.Is(err, errTooLarge) {
			return nil, &fault{"too-large", tooLarge, glimpse(raw)}
		}
		if err != nil {
			return nil, &fault{"invalid-json", "the JSON cannot be read: " + syntax(err) + "; fetch the notice again or correct it", glimpse(raw)}
		}
	} else {
		text = bytes.Clone(raw)
		if spaced {
			v := jsontext.Value(text)
			if err := v.Compact(); err != nil {
				return nil, &fault{"invalid-json", "the JSON cannot be read: " + syntax(err), glimpse(raw)}
			}
			text = v
		}
	}
	r := &notice.Release{Raw: text, Hash: sha256.Sum256(text)}
	if f := head.identify(r, &found); f != nil {
		return nil, f
	}
	r.Date = head.readDate(&found)
	r.Tags = rd.readTags(&head, &found)
	r.Issues = found.in(r.Identity())
	return r, nil
}

// syntax words an error of the JSON reader.
func syntax(err error) string {
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Sprintf("%v at byte %d (%s)", s.Err, s.ByteOffset, s.JSONPointer)
	}
	return strings.TrimPrefix(err.Error(), "jsontext: ")
}

// head is the part of a release that identifies it: members of its root, as JSON
// text, which is part of the release's.
type head struct {
	ocid, id, date, tag, url, initiation jsontext.Value
	content                              bool // it has a member only a release has, other than its tag
	envelope                             bool // it has a member only a package has
}

// scanHead checks the whole text against the JSON grammar (valid UTF-8 and
// unique names included) and finds the members that identify a release.
func (rd *reader) scanHead(raw []byte) (h head, err error) {
	dec := &rd.dec
	dec.Reset(bytes.NewBuffer(raw))
	if _, err := dec.ReadToken(); err != nil {
		return h, err
	}
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return h, err
		}
		var into *jsontext.Value
		switch name.String() {
		case "ocid":
			into = &h.ocid
		case "id":
			into = &h.id
		case "date":
			into = &h.date
		case "url":
			into = &h.url
		case "tag":
			into = &h.tag
		case "initiationType":
			into, h.content = &h.initiation, true
		case "tender", "planning", "parties", "buyer", "awards", "contracts", "bids", "relatedProcesses":
			h.content = true
		case "uri", "publisher", "publishedDate", "packages", "links", "license", "publicationPolicy", "maxPage":
			h.envelope = true
		}
		v, err := dec.ReadValue()
		if err != nil {
			return h, err
		}
		if into != nil {
			*into = v
		}
	}
	if _, err := dec.ReadToken(); err != nil { // the closing brace
		return h, err
	}
	switch _, err := dec.ReadToken(); err {
	case io.EOF:
		return h, nil
	case nil:
		return h, errors.New("there is more behind the release")
	default:
		return h, err
	}
}

// identify reads ocid and id.
func (h *head) identify(r *notice.Release, found *issues) *fault {
	ocid, ok := text(h.ocid)
	r.OCID = strings.TrimSpace(ocid)
	switch {
	case len(h.ocid) == 0 && h.url != nil && !h.content:
		return &fault{"linked-release", "this is a link to a release, not the release: fetch it from its address and read that file", ""}
	case len(h.ocid) == 0 && h.envelope && !h.content:
		return &fault{"empty-package", "this package holds no releases", ""}
	case len(h.ocid) == 0 && !h.content && h.tag == nil:
		return &fault{"not-a-release", "this object is neither an OCDS release nor a package of releases: check that this is the right file", ""}
	case len(h.ocid) == 0 || h.ocid.Kind() == jsontext.KindNull || ok && r.OCID == "":
		return &fault{"missing-ocid", "the release has no ocid, so that it belongs to no procurement: ask its publisher for one", ""}
	case !ok:
		return &fault{"bad-ocid", "the ocid is not a string: ask its publisher to correct it", ""}
	case len(r.OCID) > maxOCID:
		return &fault{"bad-ocid", fmt.Sprintf("the ocid has %d bytes, and no more than %d are read", len(r.OCID), maxOCID), r.OCID[:32]}
	case strings.ContainsFunc(r.OCID, func(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) }):
		return &fault{"bad-ocid", fmt.Sprintf("the ocid %q holds a space or control character: ask its publisher to correct it", r.OCID), ""}
	case h.initiation.Kind() == jsontext.KindBeginArray:
		return &fault{"versioned-release", "this is a versioned release: read the releases it was made of, or their compiled release", r.OCID}
	}
	if r.OCID != ocid {
		found.add("trimmed-ocid", "/ocid", "white space around the ocid does not count")
	}
	switch h.id.Kind() {
	case jsontext.KindString:
		r.ID, _ = text(h.id)
	case jsontext.KindNumber:
		r.ID = string(h.id)
	case jsontext.KindInvalid, jsontext.KindNull: // no id
	default:
		found.add("bad-id", "/id", "the release's id is neither a string nor a number: its content identifies it")
	}
	if len(r.ID) > maxOCID {
		r.ID = ""
		found.add("bad-id", "/id", fmt.Sprintf("the release's id is longer than %d bytes: its content identifies it", maxOCID))
	}
	return nil
}

func (h *head) readDate(found *issues) time.Time {
	s, ok := text(h.date)
	switch {
	case h.date.Kind() == jsontext.KindInvalid, h.date.Kind() == jsontext.KindNull:
		found.add("missing-date", "", "the release has no date: it counts as the newest")
		return time.Time{}
	case !ok:
		found.add("bad-date", "/date", "the release's date is not a string: it counts as the newest")
		return time.Time{}
	}
	m, err := parseMoment(s)
	if err != nil {
		found.add("bad-date", "/date", err.Error()+": the release counts as the newest")
	}
	return m.Time
}

func (rd *reader) readTags(h *head, found *issues) []string {
	if s, ok := text(h.tag); ok {
		found.add("bad-tag", "/tag", "the tag is a string, not a list: it counts as a list of one")
		return []string{s}
	}
	if h.tag.Kind() != jsontext.KindBeginArray {
		if h.tag != nil && h.tag.Kind() != jsontext.KindNull {
			found.add("bad-tag", "/tag", "the tag is not a list of strings: it does not count")
		}
		return nil
	}
	dec := &rd.dec
	dec.Reset(bytes.NewBuffer(h.tag))
	dec.ReadToken() // the bracket; the text is known to be JSON
	var tags []string
	for i := 0; dec.PeekKind() != jsontext.KindEndArray; i++ {
		v, err := dec.ReadValue()
		if err != nil {
			break
		}
		if s, ok := text(v); ok {
			tags = append(tags, s)
		} else {
			found.add("bad-tag", fmt.Sprintf("/tag/%d", i), "a tag is not a string: it does not count")
		}
	}
	return tags
}

// text is what a JSON string says.
func text(v jsontext.Value) (string, bool) {
	if v.Kind() != jsontext.KindString {
		return "", false
	}
	s, err := unquote(string(v))
	return s, err == nil
}

// issues gathers what had to be repaired in a release, whose identity need not be known yet.
type issues struct {
	list []notice.Issue
	more int
}

func (l *issues) add(code, pointer, message string) {
	l.addAt(code, notice.Path{Pointer: pointer}, message)
}

func (l *issues) full() bool { return len(l.list) >= maxIssues }

func (l *issues) addAt(code string, at notice.Path, message string) {
	if l.full() {
		l.more++
		return
	}
	l.list = append(l.list, notice.Issue{Code: code, At: at, Message: message})
}

// all are the issues, with a last one for those that were too many.
func (l *issues) all() []notice.Issue {
	if l.more > 0 {
		l.list = append(l.list, notice.Issue{Code: "more-issues", At: notice.Path{Release: l.list[0].At.Release},
			Message: fmt.Sprintf("%d more issues are not listed", l.more)})
		l.more = 0
	}
	return l.list
}

// in are the issues, placed in the release of the given identity.
func (l *issues) in(identity string) []notice.Issue {
	list := l.all()
	for i := range list {
		list[i].At.Release = identity
	}
	return list
}
