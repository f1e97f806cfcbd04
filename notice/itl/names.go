package itl

// This file is kept by hand: the names that stand in no official list of ITL
// regions. All of them are facts about which places lie where.

// group is a place that has a name and no ITL code of its own.
type group struct{ name, parts string }

// groups are the nations together. England has no ITL code; the other nations have.
var groups = []group{
	{"UK", "TLC TLD TLE TLF TLG TLH TLI TLJ TLK TLL TLM TLN"},
	{"Great Britain", "TLC TLD TLE TLF TLG TLH TLI TLJ TLK TLL TLM"},
	{"England and Wales", "TLC TLD TLE TLF TLG TLH TLI TLJ TLK TLL"},
	{"England", "TLC TLD TLE TLF TLG TLH TLI TLJ TLK"},
}

// counties are the counties and kindred places that no one ITL region covers
// exactly. Beside a county as people mean it ("Staffordshire", with Stoke-on-Trent)
// stands, with CC, the smaller one of its county council where that is no ITL region either.
var counties = []group{
	{"Bedfordshire", "TLH21 TLH24 TLH25"},
	{"Derbyshire", "TLF11 TLF12 TLF13"},
	{"Derbyshire CC", "TLF12 TLF13"},
	{"East Sussex", "TLJ21 TLJ22"},
	{"Essex CC", "TLH34 TLH35 TLH36 TLH37"},
	{"Greater Manchester North", "TLD36 TLD37"},
	{"Greater Manchester South", "TLD33 TLD34 TLD35"},
	{"Hampshire", "TLJ31 TLJ32 TLJ35 TLJ36 TLJ37"},
	{"Hampshire CC", "TLJ35 TLJ36 TLJ37"},
	{"Inner London", "TLI3 TLI4"},
	{"Kent CC", "TLJ43 TLJ44 TLJ45 TLJ46"},
	{"Lancashire CC", "TLD44 TLD45 TLD46 TLD47"},
	{"Leicestershire", "TLF21 TLF22"},
	{"Northamptonshire", "TLF24 TLF25"},
	{"Nottinghamshire", "TLF14 TLF15 TLF16"},
	{"Nottinghamshire CC", "TLF15 TLF16"},
	{"Outer London", "TLI5 TLI6 TLI7"},
	{"South Wales", "TLL43 TLL44 TLL5"},
	{"Staffordshire", "TLG23 TLG24"},
	{"Surrey", "TLJ25 TLJ26"},
	{"Sussex", "TLJ21 TLJ22 TLJ27 TLJ28"},
	{"Tyne and Wear", "TLC43 TLC44"},
	{"West Sussex", "TLJ27 TLJ28"},
}

// alias is another name of a region.
type alias struct {
	name   string
	region Region
}

// aliases are further names that publishers and people use, the first word in
// any dispute: "West Midlands" is the region, not the county inside it.
var aliases = []alias{
	{"UK", UK},
	{"United Kingdom", UK},
	{"Any region", UK},
	{"All regions", UK},
	{"Anywhere in the UK", UK},
	{"Nationwide", UK},
	{"National", UK},
	{"UK wide", UK},
	{"GB", UK}, // the ISO code of the United Kingdom
	{"GBR", UK},
	{"Britain", GreatBritain},
	{"England & Wales", EnglandAndWales},
	{"North East", "TLC"},
	{"North West", "TLD"},
	{"Yorkshire", "TLE"},
	{"Yorkshire & Humber", "TLE"},
	{"Yorkshire and Humberside", "TLE"},
	{"East Midlands", "TLF"},
	{"West Midlands", "TLG"},
	{"East of England", "TLH"},
	{"East England", "TLH"},
	{"Eastern England", "TLH"},
	{"London", "TLI"},
	{"Greater London", "TLI"},
	{"South East", "TLJ"},
	{"South West", "TLK"},
	{"Cymru", "TLL"},
	{"N. Ireland", "TLN"},
	{"NI", "TLN"},
	{"Tyneside and Wearside", "Tyne and Wear"},
	{"Teesside", "TLC3"},
	{"County Durham", "TLC41"},
	{"Hull", "TLE11"},
	{"Lincolnshire", "TLF3"},
	{"Lincolnshire CC", "TLF3"},
	{"Leicestershire CC", "TLF22"},
	{"Cambridgeshire", "TLH4"},
	{"Suffolk CC", "TLH6"},
	{"Norfolk CC", "TLH5"},
	{"Hertfordshire", "TLH23"},
	{"West Midlands county", "TLG3"},
	{"West Midlands CC", "TLG3"},
	{"West Midlands metropolitan county", "TLG3"},
	{"Stoke", "TLG23"},
	{"Southend", "TLH31"},
	{"Brighton", "TLJ21"},
	{"Brighton & Hove", "TLJ21"},
	{"Cornwall", "TLK3"},
	{"Bournemouth", "TLK63"},
	{"Poole", "TLK63"},
	{"Newcastle", "TLC43"},
	{"North Wales", "TLL3"},
	{"Mid Wales", "TLL41"},
	{"Anglesey", "TLL31"},
	{"Scottish Highlands", "TLM20"},
	{"Western Isles", "TLM64"},
	{"Outer Hebrides", "TLM64"},
	{"Comhairle nan Eilean Siar", "TLM64"},
	{"Orkney", "TLM65"},
	{"Shetland", "TLM66"},
	{"Derry", "TLN0A"},
	{"Londonderry", "TLN0A"},
}

// nuts are the NUTS codes whose ITL successor is not the same code with TL for
// UK, by what follows UK. Scottish codes of before 2018 that an ITL code of 2025 repeats
// (M2, M3, M31–M34) are not here: they read as the ITL code.
var nuts = map[string]Region{
	"K21": "TLK24", "K22": "TLK25",
	"N10": "TLN0A", "N11": "TLN0B", "N12": "TLN0C", "N13": "TLN0D", "N14": "TLN0E", "N15": "TLN0F", "N16": "TLN0G",
	"D31": "Greater Manchester South", "D32": "Greater Manchester North", "D43": "Lancashire CC",
	"F23": "Northamptonshire", "H13": "TLH5", "H33": "Essex CC",
	"I1": "Inner London", "I2": "Outer London",
	"I11": "TLI3", "I12": "TLI4", "I21": "TLI5", "I22": "TLI6", "I23": "TLI7",
	"J23": "Surrey", "J24": "West Sussex", "J33": "Hampshire CC", "J42": "Kent CC",
	"M21": "TLM71", "M22": "TLM72", "M23": "TLM73", "M24": "TLM91", "M25": "TLM75", "M26": "TLM76", "M27": "TLM77", "M28": "TLM78",
	"M35": "TLM83", "M36": "TLM84", "M37": "TLM94", "M38": "TLM95",
	"N01": "TLN06", "N02": "TLN", "N03": "TLN", "N04": "TLN", "N05": "TLN",
}

// onsCodes are the GB-ONS codes of nations, regions and counties; those of local
// authorities stand in regions.txt. Counties that were abolished still name their ground.
var onsCodes = map[string]Region{
	"K02000001": UK, "K03000001": GreatBritain, "K04000001": EnglandAndWales,
	"E92000001": England, "W92000004": "TLL", "S92000003": "TLM", "N92000002": "TLN",
	"E12000001": "TLC", "E12000002": "TLD", "E12000003": "TLE", "E12000004": "TLF", "E12000005": "TLG",
	"E12000006": "TLH", "E12000007": "TLI", "E12000008": "TLJ", "E12000009": "TLK",
	"E10000001": "Bedfordshire", "E10000002": "TLJ13", "E10000003": "TLH42", "E10000004": "TLD6",
	"E10000005": "TLK3", "E10000006": "TLD1", "E10000007": "Derbyshire CC", "E10000008": "TLK43",
	"E10000009": "TLK64", "E10000010": "TLC41", "E10000011": "TLJ22", "E10000012": "Essex CC",
	"E10000013": "TLK73", "E10000014": "Hampshire CC", "E10000015": "TLH23", "E10000016": "Kent CC",
	"E10000017": "Lancashire CC", "E10000018": "TLF22", "E10000019": "TLF3", "E10000020": "TLH5",
	"E10000021": "Northamptonshire", "E10000022": "TLC42", "E10000023": "TLE22", "E10000024": "Nottinghamshire CC",
	"E10000025": "TLJ14", "E10000026": "TLG22", "E10000027": "TLK62", "E10000028": "TLG24",
	"E10000029": "TLH6", "E10000030": "Surrey", "E10000031": "TLG13", "E10000032": "West Sussex",
	"E10000033": "TLK72", "E10000034": "TLG12",
	"E11000001": "TLD3", "E11000002": "TLD7", "E11000003": "TLE3", "E11000004": "Tyne and Wear",
	"E11000005": "TLG3", "E11000006": "TLE4", "E11000007": "Tyne and Wear",
	"E13000001": "Inner London", "E13000002": "Outer London",
}
