package desk

import (
	"context"
	"fmt"
	"strings"

	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// CPVFound is one code as a finder shows it.
type CPVFound struct {
	CPVName
	Level    string    `json:"level"`   // division, group, class, category, or subcategory
	Parents  []CPVName `json:"parents"` // the nearest first, ending in the division
	Children []CPVName `json:"children"`
}

// CPVName is a code, what it is called, and how many open notices have it or a code below it.
type CPVName struct {
	Code cpv.Code `json:"code"`
	Name string   `json:"name"`
	Open int      `json:"open"`
}

// ITLFound is one region as a finder shows it.
type ITLFound struct {
	ITLName
	Level    int       `json:"level"`   // 1 to 3; 0 for the UK and groups of nations
	Parents  []ITLName `json:"parents"` // the nearest first
	Children []ITLName `json:"children"`
}

// ITLName is a region, what it is called, and how many open notices have work in it: what is done all over the UK counts in each region.
type ITLName struct {
	Region itl.Region `json:"region"`
	Name   string     `json:"name"`
	Open   int        `json:"open"`
}

// FindCPV lists up to n codes, the best first, for words or the digits that codes begin with; for nothing the divisions.
func (d *Desk) FindCPV(ctx context.Context, query string, n int) ([]CPVFound, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	s, official := l.sums(), d.officialNames()
	name := func(c cpv.Code) CPVName { return s.codeName(official, c) }
	var codes []cpv.Code
	query = strings.TrimSpace(query)
	switch c, err := cpv.Parse(query); {
	case query == "":
		codes = divisions
	case err == nil && c.Known():
		codes = append(codes, c)
		fallthrough
	default:
		finder := s.finder
		if len(official) > 0 {
			finder = cpv.NewFinder(official)
		}
		for _, f := range finder.Find(query, max(n, 1)) {
			if len(codes) == 0 || codes[0] != f {
				codes = append(codes, f)
			}
		}
	}
	list := []CPVFound{}
	for _, c := range codes[:min(len(codes), max(n, 0))] {
		f := CPVFound{CPVName: name(c), Level: c.Level().Words(), Parents: []CPVName{}, Children: []CPVName{}}
		for _, up := range c.Ancestors() {
			f.Parents = append(f.Parents, name(up))
		}
		for _, below := range c.Children() {
			f.Children = append(f.Children, name(below))
		}
		list = append(list, f)
	}
	return list, nil
}

// FindITL lists up to n regions, the best first, for words, a code or a postcode; for nothing those of ITL 1.
func (d *Desk) FindITL(ctx context.Context, query string, n int) ([]ITLFound, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	s := l.sums()
	name := s.regionName
	var regions []itl.Region
	query = strings.TrimSpace(query)
	if query == "" {
		regions = itl.Regions(2025, 1)
	} else {
		regions = itl.Find(query, n)
		if r, err := itl.FromPostcode(query); err == nil && len(regions) == 0 {
			regions = append(regions, r)
		}
	}
	list := []ITLFound{}
	for _, r := range regions[:min(len(regions), max(n, 0))] {
		f := ITLFound{ITLName: name(r), Level: r.Level(), Parents: []ITLName{}, Children: []ITLName{}}
		for _, up := range r.Ancestors() {
			f.Parents = append(f.Parents, name(up))
		}
		for _, below := range r.Children() {
			f.Children = append(f.Children, name(below))
		}
		list = append(list, f)
	}
	return list, nil
}

// Regions counts the open notices with work in each region of ITL 1, 2 or 3, in order, as a map shows them.
func (d *Desk) Regions(ctx context.Context, level int) ([]ITLName, error) {
	if level < 1 || level > 3 {
		return nil, fmt.Errorf("there is no ITL %d; the levels are 1, 2 and 3", level)
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	list := []ITLName{}
	for _, r := range itl.Regions(2025, level) {
		list = append(list, l.sums().regionName(r))
	}
	return list, nil
}

// NameCPV names codes and counts the open notices of each, in the order given.
func (d *Desk) NameCPV(ctx context.Context, codes []cpv.Code) ([]CPVName, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	s, official := l.sums(), d.officialNames()
	list := make([]CPVName, len(codes))
	for i, c := range codes {
		list[i] = s.codeName(official, c)
	}
	return list, nil
}

// NameITL names regions and counts the open notices with work in each, in the order given.
func (d *Desk) NameITL(ctx context.Context, regions []itl.Region) ([]ITLName, error) {
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	list := make([]ITLName, len(regions))
	for i, r := range regions {
		list[i] = l.sums().regionName(r)
	}
	return list, nil
}

// codeName is a code by its official name or what publishers call it.
func (s *sums) codeName(official cpv.Names, c cpv.Code) CPVName {
	called, of := official.Of(c)
	if of != c {
		called, of = s.names.Of(c)
	}
	if of != c && called != "" {
		called = "part of " + called
	}
	return CPVName{c, called, s.codes[c]}
}

func (s *sums) regionName(r itl.Region) ITLName {
	x := ITLName{Region: r, Name: r.Name()}
	area := r.Area()
	for _, a := range s.areas {
		if a.Overlaps(area) {
			x.Open++
		}
	}
	return x
}
