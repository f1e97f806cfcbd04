package ocds

import (
	"bidfit/notice"
)

// RecordPackage is an OCDS 1.1 record package of one procurement: its releases as
// published and the compiled release. Its address is that of the service's own record where the service has
// one, and a name otherwise; its date is that of the newest release.
func RecordPackage(releases []notice.Release) ([]byte, error) {
	compiled, err := CompileJSON(releases, nil)
	if err != nil {
		return nil, err
	}
	c := compile(releases)
	ocid := c.releases[0].OCID
	publisher, uri := "an OCDS publisher", "urn:ocds:record:"+ocid
	switch publisherOf(ocid) {
	case notice.FindATender:
		publisher, uri = "Find a Tender", "https://www.find-tender.service.gov.uk/api/1.0/ocdsRecordPackages/"+ocid
	case notice.ContractsFinder:
		publisher = "Contracts Finder"
	case notice.PublicContractsScotland:
		publisher = "Public Contracts Scotland"
	case notice.Sell2Wales:
		publisher = "Sell2Wales"
	}
	out := appendMember([]byte(`{"version":"1.1"`), "uri", uri)
	if date := c.lastDate(); date != "" {
		out = appendMember(out, "publishedDate", date)
	}
	out = append(out, `,"publisher":{"name":`...)
	out = append(appendString(out, publisher), `},"records":[{"ocid":`...)
	out = append(appendString(out, ocid), `,"releases":[`...)
	for i, r := range c.releases {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r.Raw...)
	}
	out = append(append(out, `],"compiledRelease":`...), compiled...)
	return append(out, `}]}`...), nil
}
