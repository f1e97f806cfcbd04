package words

import "strings"

// abbreviation is a short form and the words it stands for, as terms.
type abbreviation struct {
	short, long []Term
	word        bool // the short form is an English word too, told by its capitals
}

// abbreviations are found by the first stem of either side; acronyms are the stems of the short sides.
var abbreviations, acronyms = func() (map[string][]abbreviation, map[string]bool) {
	byStem, acronyms := make(map[string][]abbreviation), make(map[string]bool)
	for line := range strings.Lines(abbreviationTable) {
		short, long, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			continue
		}
		var a abbreviation
		short, a.word = strings.CutPrefix(short, "!")
		for _, t := range Tokens(short) {
			acronyms[t.Stem] = true
			a.short = append(a.short, Term{Stem: t.Stem, Upper: !consonants(t.Stem)})
		}
		for _, t := range Tokens(long) {
			if t.Upper || !Light(t.Stem) {
				a.long = append(a.long, Term{Stem: t.Stem, Upper: t.Stem == "it"})
			}
		}
		for _, side := range [...][]Term{a.short, a.long} {
			byStem[side[0].Stem] = append(byStem[side[0].Stem], a)
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
ATM = automated teller machine
AV = audio visual
AV = audiovisual
BACS = building access control system
BEMS = building energy management system
BESS = battery energy storage system
BIM = building information modelling
BMS = building management system
BNG = biodiversity net gain
BPO = business process outsourcing
BSL = British Sign Language
BSOG = bus service operators grant
BYOD = bring your own device
CAD = computer aided design
CAFM = computer aided facilities management
CAMHS = child and adolescent mental health services
CCTV = closed circuit television
CHC = continuing healthcare
CHP = combined heat and power
CMS = content management system
COSHH = control of substances hazardous to health
CPD = continuing professional development
CPD = continuous professional development
CPO = compulsory purchase order
CQC = Care Quality Commission
CRM = customer relationship management
DBS = Disclosure and Barring Service
DFG = disabled facilities grant
DoLS = deprivation of liberty safeguards
DPS = dynamic purchasing system
DR = disaster recovery
EAP = employee assistance programme
EDI = equality, diversity and inclusion
EDR = endpoint detection and response
EDRMS = electronic document and records management system
EHCP = education, health and care plan
EHR = electronic health record
EIA = environmental impact assessment
EICR = electrical installation condition report
EIR = employer's information requirements
EMR = electronic medical record
EOTAS = education otherwise than at school
EPC = energy performance certificate
EPR = electronic patient record
ERP = enterprise resource planning
ESOL = English for speakers of other languages
EV = electric vehicle
EVCI = electric vehicle charging infrastructure
EVCP = electric vehicle charge point
EVCP = electric vehicle charging point
EWI = external wall insulation
FM = facilities management
FRA = fire risk assessment
GDPR = General Data Protection Regulation
GIS = geographic information system
GIS = geographical information system
GP = general practitioner
GP = general practice
HGV = heavy goods vehicle
HMO = house in multiple occupation
HR = human resources
HRA = housing revenue account
HVAC = heating, ventilation and air conditioning
HWRC = household waste recycling centre
IAG = information, advice and guidance
ICB = integrated care board
ICT = information and communications technology
ICT = information and communication technology
IDVA = independent domestic violence adviser
IFA = independent fostering agency
ILACS = inspection of local authority children's services
IMCA = independent mental capacity advocate
IMHA = independent mental health advocate
IoT = internet of things
ISVA = independent sexual violence adviser
!IT = information technology
ITSM = IT service management
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
MDM = mobile device management
MDR = managed detection and response
MEP = mechanical, electrical and plumbing
MFA = multi-factor authentication
MFD = multi-functional device
MFD = multi-function device
MRI = magnetic resonance imaging
MSP = managed service provider
MVHR = mechanical ventilation with heat recovery
NDR = network detection and response
NEET = not in education, employment or training
NEPTS = non-emergency patient transport
NRSWA = New Roads and Street Works Act
O&M = operation and maintenance
OH = occupational health
OOH = out of hours
OT = occupational therapy
PACS = picture archiving and communication system
!PAT = portable appliance testing
PCN = primary care network
PCN = penalty charge notice
PFI = private finance initiative
PMO = programme management office
PMO = project management office
PPE = personal protective equipment
PPM = planned preventative maintenance
PRU = pupil referral unit
PSTN = public switched telephone network
PV = photovoltaic
QS = quantity surveyor
QS = quantity surveying
R&D = research and development
RCV = refuse collection vehicle
RPA = robotic process automation
RTPI = real-time passenger information
SAB = safeguarding adults board
SARC = sexual assault referral centre
SEN = special educational needs
!SEND = special educational needs and disabilities
!SEND = special educational needs and disability
SEMH = social, emotional and mental health
SHDF = Social Housing Decarbonisation Fund
SIEM = security information and event management
SOC = security operations centre
STEM = science, technology, engineering and mathematics
STI = sexually transmitted infection
SuDS = sustainable drainage system
TPI = third party inspection
TPO = tree preservation order
TTRO = temporary traffic regulation order
TUPE = Transfer of Undertakings (Protection of Employment)
UASC = unaccompanied asylum seeking children
UPS = uninterruptible power supply
UTMC = urban traffic management and control
UX = user experience
VAWG = violence against women and girls
VCS = voluntary and community sector
VCSE = voluntary, community and social enterprise
VDI = virtual desktop infrastructure
VMS = variable message sign
VPN = virtual private network
WAN = wide area network
WEEE = waste electrical and electronic equipment
XDR = extended detection and response
`
