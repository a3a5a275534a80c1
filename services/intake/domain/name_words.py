"""Words that stand around people's names: data, in small letters without signs.

Collected from how clinicians sign and are spoken of in the languages of the programme's countries.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_NAMES = _words(
    """
    dr drs doctor doktor docteur docteure dra drin drmed dott dottore dottoressa dottssa ddr med prof profs professor
    professorin professeur professeure profesor profesora professore professoressa profin profdr pd privdoz
    privatdozent privatdozentin doz dozent dozentin emer emeritus emerita assoc associate asst assistant adj adjunct
    habil univ univprof dipl diplom magister lic
    mr mrs ms mx miss missus mister madam madame mme mmes mlle mademoiselle monsieur messrs frau fraulein herr herrn
    sir dame rt revd rev reverend hon sr sra srta senor senora senorita sig signor signora signore sister schwester
    krankenschwester matron oberschwester soeur enfermera enfermero infirmiere infirmier oberarzt oberarztin chefarzt
    chefarztin assistenzarzt assistenzarztin facharzt facharztin stationsleitung stationsarzt stationsarztin
    dhr mevr mevrouw meneer fru herra rouva gospodin gospodja kyrios kyria sayin shri smt
    md mbbs mbchb mbbch mb bch chb bchir mbbchir bmbs phd dphil drph scd dsc edd psyd dnp dclinpsych
    bsc bscn bsn bn bnurs bpharm bds dds dmd bmedsci beng llb mph msc msn mba mpharm mphil mres mmed mmedsci mclinpsych
    mha mpp msw mscn mds mch dch drcog dtmh dffp dgm pgcert pgdip pgce hons honours cand
    rn rgn rmn rnc rnda lpn lvn np aprn crnp fnp acnp agnp pmhnp crna cnm cns ccrn rscn rnld pac pharmd rph otr dpt slp
    rdn lcsw lmsw lpc rrt emt
    frcp frcpe frcpg frcs frcsed frcsi frca ficm ffarcsi frcem frcog frcgp frcpath frcpsych frcr frcpch frcophth frcn
    mrcp mrcpuk mrcs mrcsed mrcem mrcog mrcgp mrcpath mrcpsych mrcpch mrcophth mrcpi mrpharms mfds fds
    facs facp facc facog facep faap faan faanp faha fccm fccp fccs fapa fasn fidsa ficsm fhea sfhea fcps
    fracp fracs franzca fanzca fracgp franzcp franzcog franzcr cicm facem fcicm frcpc frcsc ccfp fcem edic febs fesc
    fmh psychol obe mbe cbe kbe dbe frs fmedsci jr snr jnr ii iii iv esq
    my our the his her their your was and or of not with anyone anybody somebody someone called named known formerly
    previously nee ne geb geborene alias maiden mein meine meinen meiner mijn
    """
)
"""Forms of address, degrees, memberships and small words."""

SELDOM_NAMES = _words(
    """
    dean don dom father brother pastor rabbi imam lord lady nurse nun pfleger ing mag em hc nun tan pan sri bey hanim
    senior junior fils filho
    boss chief head lead leader manager supervisor director chair chairman chairwoman chairperson line clinical medical
    educational tutor mentor trainer teacher examiner programme program deputy acting interim former ex old new current
    colleague coworker friend partner husband wife spouse mother mum dad daughter son cousin uncle aunt neighbour
    neighbor flatmate housemate girlfriend boyfriend fiance fiancee exhusband exwife people person everyone
    consultant registrar resident intern fellow attending physician midwife surgeon pharmacist physiotherapist therapist
    psychologist psychiatrist paramedic anaesthetist anesthesiologist radiologist neurologist cardiologist oncologist
    paediatrician pediatrician obstetrician gynaecologist geriatrician intensivist dermatologist urologist pathologist
    student trainee houseman sho fy1 fy2 f1 f2 st1 st2 st3 st4 st5 st6 st7 ct1 ct2 ct3 pgy1 pgy2 pgy3 pgy4
    staff charge team unit department dept clinic hospital icu itu hdu ed er ae nicu picu theatre theatres school
    university faculty trust nhs
    chef chefin vorgesetzte vorgesetzter leiter leiterin kollege kollegin arzt arztin intensivstation station
    notaufnahme klinik abteilung klinikum krankenhaus freundin neurologie chirurgie innere anasthesie kardiologie
    onkologie     mon patron patronne superieur superieure responsable collegue medecin service urgences reanimation
    jefe jefa companero companera medico medica urgencias capo collega infermiere infermiera
    baas verpleegkundige kollega lakare sjukskoterska
    admissions anaesthesia analysis anatomy anesthesia anesthesiology cardiac cardiology cardiothoracic care community
    critical dental dentistry dermatology dialysis endocrinology emergency endoscopy gastroenterology general geriatrics
    gynaecology gynecology haematology hematology intensive emergencies infectious laboratory maternity maxillofacial
    medicine neonatal neonatology nephrology neurology neurosurgery nuclear nursing obstetrics occupational oncology
    ophthalmology oral orthopaedics orthopedics otolaryngology paediatric paediatrics pediatric pediatrics palliative
    pathology pharmacy pharmacology plastic psychiatry psychology psychotherapy public pulmonology radiology
    radiotherapy rehabilitation respiratory rheumatology surgery surgical trauma transplant urology vascular
    neurochirurgie radiologie padiatrie psychiatrie gynakologie urologie pneumologie nephrologie dermatologie
    email mail tel telephone phone mobile cell fax handy telefon whatsapp signal ext extension number
    """
)
"""What somebody is, does, or is to the writer. Some are names too: each still counts beside the rest of a name."""

SHORT_DEGREES = _words("ma do ng an ba bs bm dm en pa pt ot rd rm rt cen")
"""Degrees that are names as well, when they are written like one: `Ma`, but not `MA`."""

PRONOUNS = _words(
    """
    she her hers he him his they them their theirs ze zir zem hir xe xem xyr ey em it its any all pronouns
    sie ihr ihre ihm er ihn sier dey deren keine el ella elle elles iel ielle lui eux il elu ele ela dele dela
    hen henom hennes hans hon han henne de dem deres hun ham hann hij hem zij haar die lei loro lea on ona ono
    """
)
"""Pronouns. Outside of brackets, and without a stroke between them, many are names."""

BEFORE_WORKPLACES = _words(
    """
    from at in on who which that works working runs leads aus vom beim im auf chez dans au aux sur presso nel nella
    bij fra hos
    """
)
"""After one of these comes where somebody works or what they do."""

PARTICLES = _words(
    """
    van der den de des del della delle dello degli di da das do dos du d l la le les lo los las el al ul
    an von vom zu zum zur ter ten te tot y e i und bin ibn bint abu abou
    o mc fitz san santa st saint af av na ni ua
    """
)
"""Small words within family names, which people write, leave out, or join to the next."""
