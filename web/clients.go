package web

import (
	"net/http"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/pursuit"
)

// clientsBody is one notice held against every profile.
type clientsBody struct {
	desk.Board
	Buyer    string
	Worth    string
	Deadline notice.Moment
	Rows     []clientRow
	Lots     []lotLink
}

// clientRow is how the notice fits one profile.
type clientRow struct {
	desk.Client
	Best         string // the lot it fits best; "" where the notice has one
	Reason, Gap  string
	Why          string // what keeps it from being a bid
	Href, PackTo string
}

// lotLink leads to the board of one lot.
type lotLink struct {
	Label, Href string
	Current     bool
}

func (s *server) clients(w http.ResponseWriter, r *http.Request) error {
	lot := r.URL.Query().Get("lot")
	board, err := s.Desk.Clients(r.Context(), pursuit.Target{Notice: r.PathValue("notice"), Lot: lot}, s.asOf(r.Context()))
	if err != nil {
		return err
	}
	n := board.Notice
	b := clientsBody{Board: board, Buyer: n.Buyer.Name.Value, Worth: n.Value.Words()}
	own := pathOf("notices", n.ID, "clients")
	if len(n.Lots) > 1 {
		b.Lots = append(b.Lots, lotLink{"Best lot of each", own, lot == ""})
		for i := range n.Lots {
			l := &n.Lots[i]
			b.Lots = append(b.Lots, lotLink{upper(l.Called()), lotted(own, l.ID), lot == l.ID})
		}
	}
	if l, ok := n.Lot(lot); ok && l.Value.Words() != "" {
		b.Worth = l.Value.Words()
	}
	for _, c := range board.Clients {
		f := c.Fit
		x := clientRow{Client: c, Why: f.Why()}
		target := pursuit.Target{Notice: n.ID, Lot: f.Lot}
		x.Href, x.PackTo = fitPath(c.Profile, target), packPath(c.Profile, target)
		if l, ok := n.Lot(f.Lot); ok && len(n.Lots) > 1 {
			x.Best = l.Called()
			if title := l.Title.Value; title != "" {
				x.Best += ": " + title
			}
		}
		if e := f.TopReason(); e != nil {
			x.Reason = e.Reason
		}
		if e := f.TopGap(); e != nil {
			x.Gap = e.Reason
		}
		if b.Deadline.IsZero() {
			b.Deadline = f.Deadline
		}
		b.Rows = append(b.Rows, x)
	}
	return s.render(w, r, "clients", page{
		Title: "Clients for this notice", Nav: "search", Crumbs: []Crumb{{"Search", "/search"}, {titled(board.Title), pathOf("notices", n.ID)}}, Body: b,
	})
}

// titled is a title, or that there is none.
func titled(title string) string {
	if title == "" {
		return "A notice without a title"
	}
	return title
}
