package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/index"
	"bidfit/market"
	"bidfit/pursuit"
)

// What there is, who buys and sells it, and what helps to find it.

// apiIndex is where everything of the API is.
type apiIndex struct {
	Name    string    `json:"name"`
	Version string    `json:"version"` // of bidfit
	AsOf    time.Time `json:"asOf"`    // the time that answers speak of
	OpenAPI string    `json:"openapi"`
	Links   []apiLink `json:"links"`
}

// apiLink is one operation.
type apiLink struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	Href   string `json:"href"` // a URI template (RFC 6570)
	Title  string `json:"title"`
}

func (c *apiCall) index() (apiIndex, error) {
	x := apiIndex{Name: "bidfit", Version: c.Version, AsOf: c.day, OpenAPI: apiRoot + "/openapi.json"}
	for _, o := range operations() {
		x.Links = append(x.Links, apiLink{o.id, o.method, apiRoot + o.pattern, o.summary})
	}
	return x, nil
}

// wellness is what is stored, how fresh it is and what fails.
func (c *apiCall) wellness() (desk.Status, error) {
	x, err := c.Desk.Status(c.ctx(), c.day, c.Now())
	x.Version = c.Version
	return x, err
}

func (c *apiCall) dossier() (*dossier.Dossier, error) {
	return c.Desk.Dossier(c.ctx(), c.r.PathValue("notice"), c.day)
}

// record is the releases as they were published.
func (c *apiCall) record() error {
	record, err := c.Desk.Record(c.ctx(), c.r.PathValue("notice"))
	if err != nil {
		return err
	}
	return c.send("application/json", append(record, '\n'))
}

func (c *apiCall) similar() (market.Similar, error) {
	return c.Desk.Similar(c.ctx(), c.r.PathValue("notice"), c.number("limit"), c.day)
}

func (c *apiCall) clients() (desk.Board, error) {
	b, err := c.Desk.Clients(c.ctx(), c.target(), c.day)
	return b.First(c.number("limit")), err
}

func (c *apiCall) search() (desk.Found, error) {
	q := index.Query{Words: c.text("q"), Tokens: c.query["has"], Size: c.number("limit")}
	if after := c.text(queryAfter); after != "" {
		return c.Desk.SearchAfter(c.ctx(), q, after)
	}
	return c.Desk.Search(c.ctx(), q)
}

func (c *apiCall) searches() ([]desk.Saved, error) { return c.Desk.Saved(c.ctx()) }

// savedBody is what a saved search looks for.
type savedBody struct {
	// Query is as in the address of the search page: "q=mediation&has=stage:tender".
	Query string `json:"query"`
	// Who saves it; whoever runs the server where that is not said.
	Who string `json:"who,omitzero"`
}

func (c *apiCall) putSearch(b savedBody) (pursuit.Search, error) {
	x := pursuit.Search{Name: c.r.PathValue("name"), Query: b.Query, Who: c.signed(b.Who), When: c.now()}
	kept, err := c.Desk.SaveSearch(c.ctx(), x)
	if errors.Is(err, desk.ErrSearch) {
		err = wrongf("%s", sentence(err))
	}
	return kept, err
}

func (c *apiCall) forgetSearch() error {
	return c.Desk.ForgetSearch(c.ctx(), "", c.r.PathValue("name"))
}

func (c *apiCall) buyer() (market.Buyer, error) {
	b, err := c.Desk.Buyer(c.ctx(), c.r.PathValue("id"), c.day)
	if err != nil {
		return b, err
	}
	return b.First(c.number("limit")), nil
}

func (c *apiCall) supplier() (market.Supplier, error) {
	s, err := c.Desk.Supplier(c.ctx(), c.r.PathValue("id"), c.day)
	if err != nil {
		return s, err
	}
	return s.First(c.number("limit")), nil
}

func (c *apiCall) findCPV() ([]desk.CPVFound, error) {
	return c.Desk.FindCPV(c.ctx(), c.text("q"), c.number("limit"))
}

func (c *apiCall) findITL() ([]desk.ITLFound, error) {
	return c.Desk.FindITL(c.ctx(), c.text("q"), c.number("limit"))
}

// revisionTag is the ETag of what has a revision.
func revisionTag(revision uint64) string { return fmt.Sprintf(`"r%d"`, revision) }

// spec is the OpenAPI document.
func (c *apiCall) spec() error { return c.send("application/json", openAPI) }

// apiRoots answers above apiRoot as at it.
func (s *server) apiRoots(w http.ResponseWriter, r *http.Request) error {
	return operations()[0].route().handle(s, w, r)
}
