package words

// Stop reports whether a stem carries no meaning of its own ("the", "of", line-end residue such as "rn").
func Stop(stem string) bool { return stops[stem] }

// Light reports whether a stop word is passed over by phrases: "provision of the
// care" and "provision care" are one phrase, but "care at home" is no "care home". Phrases
// have no light words; whoever looks for them by position gives the light words of a text
// (those not Upper) none.
func Light(stem string) bool { return lights[stem] }

var lights = set("a an the of this that these those its our their your his her s")

// stops are the function words of English, each its own stem, and what publishing leaves behind.
var stops = set(`
	a about above after again against all also although am among amongst an and any are around as at
	be because been before being below between both but by can cannot cant could
	did do does doing done dont down during each either etc even ever every
	few for from further had has have having he her here hers herself him himself his how however
	i if in into is isnt it its itself just may me might mine more most much must my myself
	neither no nor not now of off on once only onto or other others otherwise our ours ourselves out over own
	per re same shall she should since so some such
	than that the their theirs them themselves then there thereby therefore therein thereof these they this those though
	through throughout thus to too toward towards under until unless up upon us
	very via was we were what when where whereas whereby wherein whether which while who whom whose why
	will with within without wont would yet you your yours yourself
	eg ie s t d ll ve
	rn nbsp amp quot apos lt gt br href http https www`)
