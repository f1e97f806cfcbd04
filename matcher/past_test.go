package matcher

import (
	"strings"
	"testing"
)

// A past contract lifts what is like it, says so, and of several the nearest counts.
func TestPastContracts(t *testing.T) {
	p := mediation()
	p.Keywords, p.Description, p.CPV = []string{"conciliation"}, "", nil
	share := func(experience ...string) Evidence {
		p.Experience = experience
		f := fitOf(t, mediationNotice(t), p, today)
		e, _ := f.find(Words)
		return e
	}
	mending := "Hate crime and mediation service for Withy. Support of victims of hate crime and mediation between neighbours."
	none, like, unlike := share(), share(mending), share("Surfacing of Mill Lane. Planing and asphalt.")
	both := share("Surfacing of Mill Lane. Planing and asphalt.", mending)
	if like.Share <= none.Share || unlike.Share >= like.Share || both.Share < none.Share+30 {
		t.Errorf("none %d, like %d, unlike %d, both %d", none.Share, like.Share, unlike.Share, both.Share)
	}
	if want := "like your past contract “Hate crime and mediation service for Withy”"; !strings.Contains(both.Reason, want) {
		t.Errorf("%q, want %q", both.Reason, want)
	}
	if strings.Contains(unlike.Reason, "past contract") {
		t.Errorf("%q", unlike.Reason)
	}
}
