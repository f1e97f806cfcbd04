package words

import "strings"

// british settles the spelling of a folded word, so that the British and the American one are one. Which of the two it
// settles on is a matter of what the stemmer then makes of it, not of taste.
func british(w string) string {
	if s, ok := spellings[w]; ok {
		return s
	}
	if len(w) < 5 {
		return w
	}
	w = sibilant(w)
	if strings.Contains(w, "our") {
		w = oneOf(w, ours)
	}
	if strings.Contains(w, "ae") || strings.Contains(w, "oe") {
		w = oneOf(w, greek)
	}
	return oneOf(w, roots)
}

// sibilant writes -ise for -ize: "organise" keeps its own stem, "organize" would share that of "organ".
func sibilant(w string) string {
	for _, suffix := range [...]string{"e", "ed", "es", "er", "ers", "ing", "able", "ation", "ations", "ational"} {
		root, ok := strings.CutSuffix(w, suffix)
		if !ok {
			continue
		}
		if r, ok := strings.CutSuffix(root, "iz"); ok && len(r) > 2 {
			return r + "is" + suffix
		}
		if r, ok := strings.CutSuffix(root, "yz"); ok && len(r) > 2 {
			return r + "ys" + suffix
		}
	}
	return w
}

// oneOf replaces the first root found in a word.
func oneOf(w string, roots [][2]string) string {
	for _, r := range roots {
		if before, after, ok := strings.Cut(w, r[0]); ok {
			return before + r[1] + after
		}
	}
	return w
}

// ours are the roots in -our that are in -or elsewhere.
var ours = pairs(`
	armour:armor behaviour:behavior candour:candor clamour:clamor colour:color endeavour:endeavor
	favour:favor flavour:flavor glamour:glamor harbour:harbor honour:honor humour:humor labour:labor neighbour:neighbor
	odour:odor parlour:parlor rigour:rigor rumour:rumor savour:savor tumour:tumor valour:valor vapour:vapor vigour:vigor`)

// greek are the roots in -ae- and -oe- that have lost a letter elsewhere.
var greek = pairs(`
	aesthe:esthe anaemi:anemi anaesthe:anesthe archaeo:archeo caesar:cesar diarrhoea:diarrhea encyclopaed:encycloped
	faec:fec foet:fet gynaeco:gyneco haemato:hemato haemo:hemo ischaemi:ischemi leukaemi:leukemi manoeuv:maneuv
	oedema:edema oesoph:esoph oestro:estro orthopaed:orthoped paediat:pediat toxaemi:toxemi`)

// roots are the other roots spelt in two ways.
var roots = pairs(`
	aluminium:aluminum artefact:artifact calibre:caliber centred:centered centring:centering centre:center
	counsellor:counsel counselor:counsel defenc:defens enquir:inquir enrolment:enrollment fibre:fiber
	fulfill:fulfil instalment:installment jewellery:jewelry judgement:judgment licenc:licens
	litre:liter mould:mold offenc:offens paralys:paralys plough:plow practis:practic
	pretenc:pretens sceptic:skeptic skilful:skillful spectre:specter sulphur:sulfur
	theatre:theater wilful:willful woollen:woolen focuss:focus logued:loged loguing:loging`)

// spellings are whole words: those spelt in two ways, and plurals and relatives
// that an ending does not tell.
var spellings = func() map[string]string {
	m := make(map[string]string)
	for _, p := range pairs(`
	programme:program programmes:program programs:program programmed:program
	catalogue:catalog catalogues:catalog dialogue:dialog dialogues:dialog analogue:analog analogues:analog
	ageing:age aging:age going:go grey:gray gaol:jail
	children:child childrens:child women:woman womens:woman men:man mens:man teeth:tooth mice:mouse
	buses:bus gases:gas lenses:lens viruses:virus campuses:campus
	analysis:analyse analyses:analyse diagnosis:diagnose crises:crisis
	criterion:criteria`) {
		m[p[0]] = p[1]
	}
	return m
}()

// pairs reads "from:to" pairs parted by blanks.
func pairs(list string) [][2]string {
	var ps [][2]string
	for _, f := range strings.Fields(list) {
		from, to, _ := strings.Cut(f, ":")
		ps = append(ps, [2]string{from, to})
	}
	return ps
}

// set reads words parted by blanks.
func set(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
