package desk

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/notice/words"
)

// A service that begins to write otherwise than it did shows in releases that cannot be read or only with repairs, and in fields that were in
// nearly all of them and are there no longer. Each answer is held against what came before it; what stands out is told, loudly, in the first one.
const (
	driftReleases = 20  // in an answer, or it is not judged
	driftKnown    = 200 // that came before, or fields are not judged
	oddShare      = 25  // percent of an answer that are odd, and oddTimes as many as before
	oddTimes      = 4
	ever          = 98 // percent of those before that had a field which is missed
	gone          = 20 // percent of an answer that have it still
	mostFields    = 400
	mostField     = 80 // bytes of a name
)

// shape is which fields the releases of a feed have: those of a release and of the objects in it.
type shape struct {
	Releases int            `json:"releases"`
	Fields   map[string]int `json:"fields"`
}

// add counts the fields of a release. What is no JSON object has none.
func (s *shape) add(r *notice.Release) {
	s.Releases++
	if s.Fields == nil {
		s.Fields = map[string]int{}
	}
	d := jsontext.NewDecoder(bytes.NewReader(r.Raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	s.object(d, "", map[string]bool{})
}

// object counts the fields of the object that comes next, and of those in it, but not deeper. It reports whether it came to the end.
func (s *shape) object(d *jsontext.Decoder, above string, seen map[string]bool) bool {
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return false
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return false
		}
		field := above + name.String()
		if !seen[field] && len(field) <= mostField && (s.Fields[field] > 0 || len(s.Fields) < mostFields) {
			seen[field] = true
			s.Fields[field]++
		}
		if above == "" && d.PeekKind() == '{' {
			if !s.object(d, field+"/", seen) {
				return false
			}
		} else if d.SkipValue() != nil {
			return false
		}
	}
	_, err := d.ReadToken()
	return err == nil
}

// vanished are the fields that nearly all releases before had and hardly one of these has, sorted. Of an object that is gone its fields are not told.
func (s shape) vanished(now shape) (fields []string) {
	if s.Releases < driftKnown || now.Releases < driftReleases {
		return nil
	}
	for _, field := range slices.Sorted(maps.Keys(s.Fields)) {
		object, _, deep := strings.Cut(field, "/")
		if s.Fields[field]*100 >= ever*s.Releases && now.Fields[field]*100 <= gone*now.Releases && !(deep && slices.Contains(fields, object)) {
			fields = append(fields, field)
		}
	}
	return fields
}

// join adds what another one counted.
func (s *shape) join(other shape) {
	s.Releases += other.Releases
	if s.Fields == nil {
		s.Fields = map[string]int{}
	}
	for field, n := range other.Fields {
		if s.Fields[field] > 0 || len(s.Fields) < mostFields {
			s.Fields[field] += n
		}
	}
}

// drift judges an answer, and tells where it is not as those before. Too small an answer leaves what was said.
func (s *syncing) drift(source string, items []ocds.Item) {
	odd := 0
	var now shape
	for _, item := range items {
		if item.Rejected != nil {
			odd++
			continue
		}
		if len(item.Release.Issues) > 0 {
			odd++
		}
		now.add(item.Release)
	}
	of, past := s.before.Total.Releases+s.tally.Releases-len(items), s.kept.Odd
	var said []string
	// A first answer has nothing to be compared with: then the share alone counts.
	if odd*100 >= oddShare*len(items) && (of < driftReleases || odd*of >= oddTimes*past*len(items)) {
		said = append(said, fmt.Sprintf("of %d releases in one answer %d could not be read or had to be repaired, of %d before it %d", len(items), odd, of, past))
	}
	if fields := s.kept.Shape.vanished(now); len(fields) > 0 {
		said = append(said, "releases have no "+words.Plain(strings.Join(fields[:min(len(fields), 5)], ", "))+" any more, which nearly all had")
	}
	s.kept.Odd += odd
	s.kept.Shape.join(now)
	if len(items) < driftReleases {
		return
	}
	before := s.kept.Drift
	s.kept.Drift = ""
	if len(said) > 0 {
		s.kept.Drift = strings.Join(said, "; ") + ": the service may have changed how it writes; see the quarantine, and whether there is a newer bidfit"
	}
	if before == "" && len(said) > 0 {
		s.desk.log.Error("a feed sends other than it did", "feed", s.name, "source", source, "why", s.kept.Drift)
	}
}
