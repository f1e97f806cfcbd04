package words

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// Stem folds and stems one word.
func Stem(word string) string {
	return stem(fold(word, capitals(word).upper))
}

const longestStemmed = 40 // bytes; what is longer is no word of English

// stem stems a folded word: the words set apart below, then Porter's second algorithm.
// A stop word is its own stem, and no other word has it ("AED", "ITS", "willing").
func stem(w string) string {
	if stops[w] {
		return w
	}
	if s, ok := apart[w]; ok {
		return s
	}
	w = british(w)
	if s, ok := apart[w]; ok {
		return s
	}
	if len(w) < 3 || len(w) > longestStemmed || !letters(w) {
		return w
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	s := env.Current()
	if stops[s] || len(s) < 3 && len(w) > 4 {
		return w // "Epping" is not "ep"
	}
	return s
}

// letters reports whether a folded word is nothing but letters: no number, no "m&e", no other alphabet.
func letters(w string) bool {
	for i := range len(w) {
		if !ascii[w[i]].letter {
			return false
		}
	}
	return true
}

// apart are the stems the algorithm does not find: words it throws together
// that this field keeps apart, and words it keeps apart that belong together.
var apart = func() map[string]string {
	m := make(map[string]string)
	for _, p := range pairs(`
	advice:advis adviser:advis advisers:advis advisor:advis advisors:advis advisory:advis
	accountancy:accountanc accountant:accountanc accountants:accountanc accounting:accountanc
	added:add adding:add adds:add
	administer:administr administers:administr administered:administr administering:administr
	auditor:audit auditors:audit author:author authors:author authority:authority authorities:authority
	authorise:authoris authorised:authoris authorises:authoris authorising:authoris authorisation:authoris
	biology:biology biological:biology
	advertising:advertising
	assistive:assistive
	consultation:consultat consultations:consultat
	consumable:consumable consumables:consumable container:container containers:container
	cleaner:clean cleaners:clean
	customer:customer customers:customer customs:customs
	decorate:decor decorator:decor decorators:decor
	demolish:demolit demolished:demolit demolishing:demolit
	disposable:disposable disposables:disposable
	drainage:drain drains:drain
	electricity:electricity emergency:emergency emergencies:emergency
	employer:employer employers:employer
	escalator:escalator escalators:escalator
	engine:engine engines:engine
	experience:experienc experiences:experienc experienced:experienc experiencing:experienc
	generator:generator generators:generator generate:generat generated:generat generates:generat generating:generat generation:generat
	generic:generic
	government:government governments:government governmental:government
	hospital:hospital hospitals:hospital hospitality:hospitality
	housing:housing
	important:important importance:important importantly:important
	informal:informal informally:informal
	installment:instalment installments:instalment
	internal:internal internally:internal international:international internationally:international
	lining:lining linings:lining
	maintenance:maintain
	marketing:marketing
	media:media medium:medium
	mobility:mobility
	nurse:nurs nurses:nurs
	objective:objective objectives:objective
	parking:parking
	personal:personal personalised:personal personally:personal
	planner:planning planners:planning planning:planning
	physics:physics physician:physician physicians:physician
	plumber:plumb plumbers:plumb
	positive:positive positively:positive
	practice:practice practices:practice practicing:practice practiced:practice practitioner:practitioner practitioners:practitioner
	publication:publicat publications:publicat
	railing:railing railings:railing
	refurb:refurbish
	renewable:renewable renewables:renewable
	several:several
	sewerage:sewer
	signage:sign
	taxation:tax
	terminal:terminal terminals:terminal
	therapist:therapi therapists:therapi
	training:training trainer:training trainers:training trained:training trainee:training trainees:training
	transformer:transformer transformers:transformer
	united:united
	universe:universe universal:universal universally:universal
	`) {
		m[p[0]] = p[1]
	}
	return m
}()
