package matcher

import (
	"strings"
	"sync"

	"bidfit/notice/words"
)

// boilerplate is the language of procurement itself. It stands in a notice for
// paving as in one for payroll, so it says nothing of what is bought. Words that are common and yet
// name a trade ("support", "office", "home") are left to the lexicon, which knows how common they are.
const boilerplate = `
	accordance account accept act activity additional address advert advertise advise agreed agreement aim all amount annual annum any
	applicant application apply appoint appointment approach appropriate approximate april area associated august authority available award
	based benefit bid bidder body budget buyer buying
	call category centre clarification click close closing code come commence commencement commercial commission commissioner
	company competition competitive complete completion compliance compliant comply condition conduct confirm consider consist
	consultation contact contain contract contracting contractor contractual cost council country county cover criteria criterion current customer
	date day deadline december deliver deliverable delivery department description detail determine direct district document documentation due duration
	electronic email end engage engagement england enquiry ensure enter envelope establish estimate estimated evaluate evaluation
	excluding exclusion exercise existing expect experience experienced expire express expression extend extension external
	february fee final financial following form framework full further future
	general good government grant group guidance
	help high high-quality hold hour
	identify include including indicative individual information initial intend intention interest interested internal invitation invite issue item itt
	january july june
	key
	lead legislation level limited link list located location log long lot ltd
	main maintain make manage march market maximum may meet member method million minimum month multiple
	national need new note notice november number
	objective obtain october offer open operate operation operator opportunity option optional order organisation outcome outline overall
	page part participate participation partner partnership party password pay payment per period person phase place plan planned planning plc please
	portal potential pre preliminary price prior private procedure process procure procurement produce product programme project proposal propose
	provide provider provision psr public publication publish purchase purpose
	qualification qualified quality quantity question questionnaire quotation quote
	range rate receive receipt reference region regional register registration regulation related relevant renewal report request require required requirement
	reserve respond response responsible result return review right route run
	schedule scheme scope scotland scottish section sector secure see seek select selection september service set single site small sme specific
	specification specify stage stakeholder standard start state submission submit subject successful suitable suitably supplier supply
	 tender tenderer term terms threshold time timescale title total trust
	undertake unit upload use user
	value variant variety vat vcse via
	wales website week weight welsh wish work working
	year`

// isBoilerplate reports whether a stem is of the language of procurement.
var isBoilerplate = sync.OnceValue(func() func(termID) bool {
	set := map[termID]bool{}
	for word := range strings.FieldsSeq(boilerplate) {
		for _, t := range words.Tokens(word) {
			set[idOf(name(t))] = true
		}
	}
	return func(id termID) bool { return set[id] }
})
