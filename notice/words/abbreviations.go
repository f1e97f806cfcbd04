package words

import "strings"

// abbreviation is the ways to say one thing: its short form first, then the
// words it stands for.
type abbreviation struct {
	ways [][]Term
	word bool // the short form is an English word too, told by its capitals
}

// abbreviations are found by the first stem of any of their ways; acronyms are the stems of the short ones.
var abbreviations, acronyms = func() (map[string][]*abbreviation, map[string]bool) {
	byStem, acronyms := make(map[string][]*abbreviation), make(map[string]bool)
	for line := range strings.Lines(strings.TrimSpace(abbreviationTable)) {
		short, long, _ := strings.Cut(strings.TrimSpace(line), " = ")
		short, word := strings.CutPrefix(short, "!")
		a := &abbreviation{word: word}
		way := func(text string) {
			var terms []Term
			for _, t := range Tokens(text) {
				if !Light(t.Stem) {
					terms = append(terms, Term{Stem: t.Stem, Upper: t.Upper && !consonants(t.Stem)})
				}
			}
			a.ways = append(a.ways, terms)
			byStem[terms[0].Stem] = append(byStem[terms[0].Stem], a)
		}
		way(short)
		acronyms[a.ways[0][0].Stem] = true
		for spelt := range strings.SplitSeq(long, " | ") {
			way(spelt)
		}
	}
	return byStem, acronyms
}()

// abbreviationTable holds the abbreviations of UK notices that have one meaning
// there. "!" marks those that are words when not in capitals.
const abbreviationTable = `
A&E = accident and emergency
ABI = acquired brain injury
AHP = allied health professional
ALMO = arm's length management organisation
ANPR = automatic number plate recognition
AQMA = air quality management area
ASB = anti-social behaviour
ASC = adult social care
ASD = autism spectrum disorder
ASHP = air source heat pump
ATM = automated teller machine
AV = audio visual | audiovisual
BEMS = building energy management system
BESS = battery energy storage system
BIM = building information modelling
BMS = building management system
BNG = biodiversity net gain
BPO = business process outsourcing
BSL = British Sign Language
BSOG = bus service operators grant
BYOD = bring your own device
CAFM = computer aided facilities management
CAMHS = child and adolescent mental health services
CCTV = closed circuit television
CHC = continuing healthcare
CHP = combined heat and power
CIC = community interest company
CMS = content management system
COSHH = control of substances hazardous to health
CPD = continuing professional development
CQC = Care Quality Commission
CRM = customer relationship management
CSE = child sexual exploitation
D&B = design and build
DBS = Disclosure and Barring Service
DDaT = digital, data and technology
DFG = disabled facilities grant
DHN = district heat network
DLP = data loss prevention
DoLS = deprivation of liberty safeguards
DPIA = data protection impact assessment
DPS = dynamic purchasing system
EAP = employee assistance programme
EDR = endpoint detection and response
EDRMS = electronic document and records management system
EfW = energy from waste
EHCP = education, health and care plan
EHR = electronic health record
EIA = environmental impact assessment
EICR = electrical installation condition report
EMR = electronic medical record
EOTAS = education otherwise than at school
EPC = energy performance certificate
EPoS = electronic point of sale
EPR = electronic patient record
ERP = enterprise resource planning
ESOL = English for speakers of other languages
EV = electric vehicle
EVCI = electric vehicle charging infrastructure
EVCP = electric vehicle charging point
EWI = external wall insulation
FM = facilities management
FRA = fire risk assessment
FTTP = fibre to the premises
GDPR = General Data Protection Regulation
GIS = geographic information system
GP = general practitioner | general practice
GRC = governance, risk and compliance
GSHP = ground source heat pump
HGV = heavy goods vehicle
HMO = house in multiple occupation
HR = human resources
HVAC = heating, ventilation and air conditioning
HWRC = household waste recycling centre
IAG = information, advice and guidance
IAM = identity and access management
ICB = integrated care board
ICT = information and communications technology
IDVA = independent domestic violence adviser
ILACS = inspection of local authority children's services
IMCA = independent mental capacity advocate
IMHA = independent mental health advocate
IoT = internet of things
ISVA = independent sexual violence adviser
!IT = information technology
ITSM = information technology service management
JSNA = joint strategic needs assessment
LAN = local area network
LARC = long acting reversible contraception
LCV = light commercial vehicle
!LED = light emitting diode
LEV = local exhaust ventilation
LGV = light goods vehicle
LIMS = laboratory information management system
LMS = learning management system
M&E = mechanical and electrical
MDR = managed detection and response
MEES = minimum energy efficiency standards
MEP = mechanical, electrical and plumbing
MFA = multi-factor authentication
MFD = multi-functional device
MRF = materials recovery facility
MRI = magnetic resonance imaging
MSP = managed service provider
MVHR = mechanical ventilation with heat recovery
NEET = not in education, employment or training
NEPTS = non-emergency patient transport
NRSWA = New Roads and Street Works Act
O&M = operation and maintenance
OH = occupational health
PACS = picture archiving and communication system
!PAT = portable appliance testing
PCN = primary care network
PFI = private finance initiative
PMO = programme management office | project management office
PPE = personal protective equipment
PPM = planned preventative maintenance
PRU = pupil referral unit
PSDS = Public Sector Decarbonisation Scheme
PSTN = public switched telephone network
PSV = public service vehicle
PV = photovoltaic
QS = quantity surveyor | quantity surveying
R&D = research and development
RAAC = reinforced autoclaved aerated concrete
RCV = refuse collection vehicle
RPA = robotic process automation
RSL = registered social landlord
RTPI = real-time passenger information
SaaS = software as a service
!SALT = speech and language therapy
SARC = sexual assault referral centre
SEMH = social, emotional and mental health
SEN = special educational needs
!SEND = special educational needs and disabilities
SHDF = Social Housing Decarbonisation Fund
SIEM = security information and event management
SLA = service level agreement
SOC = security operations centre
!STEM = science, technology, engineering and mathematics | science, technology, engineering and maths
STI = sexually transmitted infection
SuDS = sustainable drainage system
TPO = tree preservation order
TTM = temporary traffic management
TTRO = temporary traffic regulation order
TUPE = Transfer of Undertakings (Protection of Employment)
UASC = unaccompanied asylum seeking children
UAV = unmanned aerial vehicle
UPS = uninterruptible power supply
UTMC = urban traffic management and control
UX = user experience
VAWG = violence against women and girls
VCS = voluntary and community sector
VCSE = voluntary, community and social enterprise
VDI = virtual desktop infrastructure
VoIP = voice over internet protocol
VPN = virtual private network
VRU = violence reduction unit
WAN = wide area network
WEEE = waste electrical and electronic equipment
XDR = extended detection and response
`
