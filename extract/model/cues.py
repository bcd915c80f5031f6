"""Which words of a letter speak for a word of a vocabulary? Tables, no logic.

Used to check a model's answer, so a cue is wide: it must not refuse what a letter may
well say. What the rules read is read by their own, narrower patterns.
"""

import re
from collections.abc import Mapping
from functools import cache

from schemas import Category, Guideline, Layout, Part, Priority, Sex, Side, Term

# A quotation that holds a cue of the value proves it.
PROOF: Mapping[Term, str] = {
    Sex.FEMALE: r"\b(?:fe\s?male|wom[ae]n|lady|girl|she|her|hers|herself|mrs|ms|miss)\b",
    Sex.MALE: r"\b(?:male|m[ae]n|gentleman|boy|he|him|his|himself|mr)\b",
    Priority.STANDARD: r"\bstandard\b",
    Priority.EXPEDITED: r"\bexpedited\b",
    Layout.ISSUES_DECISIONS_RATIONALES: r"issues,? decisions,? and rationales",
    Layout.DECISIONS_AND_RATIONALES: r"decision\(?s?\)? and rationale\(?s?\)?",
    Layout.NOTICE_OF_DETERMINATION: r"independent medical review decision and rationale",
    Layout.PROFESSIONAL_REVIEW: r"medical professional review|issues? at dispute",
    Side.LEFT: r"\b(?:left|lt|l)\b",
    Side.RIGHT: r"\b(?:right|rt|r)\b",
    Side.BILATERAL: r"\b(?:bi-?lateral(?:ly)?|both|b/l|bl|right and left|left and right)\b",
    Guideline.CHRONIC_PAIN: r"chronic pain",
    Guideline.ACUPUNCTURE: r"acupuncture",
    Guideline.POSTSURGICAL: r"post-?\s?surgical",
    Guideline.OPIOIDS: r"opioids?",
    Guideline.ACOEM: r"acoem|occupational (?:and environmental )?medicine|general approach"
    r"|complaints|disorders|stress related|initial (?:approaches|care)|cornerstones"
    r"|prevention|traumatic brain|workplace mental|hip and groin|\beye\b|chapter",
    Guideline.ODG: r"\bodg\b|official disability",
    Guideline.DRUG_FORMULARY: r"formulary",
    Guideline.MTUS_GENERAL: r"\bmtus\b|medical treatment utilization",
    Part.CERVICAL_SPINE: r"cervic|\bneck|\bc[1-7]\b",
    Part.THORACIC_SPINE: r"thorac|mid(?:dle)?[- ]?back|upper back|\bt(?:[1-9]|1[0-2])\b",
    Part.LUMBAR_SPINE: r"lumb|low(?:er)?[- ]?back|\bl[1-5]\b|\bs1\b|\bls\b|l/s",
    Part.SPINE: r"spin|\bback\b|disc",
    Part.SHOULDER: r"shoulder|rotator|acromio|scapul|glenohum",
    Part.ARM: r"\barms?\b|forearm|humer|biceps|triceps",
    Part.ELBOW: r"elbow|epicondyl|olecran|cubital",
    Part.WRIST: r"wrist|carpal|radiocarpal|scaphoid",
    Part.HAND: r"\bhands?\b|finger|thumb|digit|metacarp|\bcmc\b",
    Part.UPPER_EXTREMITY: r"upper (?:extremit|limb)|\b(?:r|l|b)?ues?\b",
    Part.HIP: r"\bhips?\b|femor|acetabul",
    Part.LEG: r"\blegs?\b|thigh|calf|tibia|shin|hamstring",
    Part.KNEE: r"knee|menisc|patell|\bacl\b",
    Part.ANKLE: r"ankle|achilles|malleol",
    Part.FOOT: r"\bfoot\b|\bfeet\b|\btoes?\b|plantar|heel|metatars",
    Part.LOWER_EXTREMITY: r"lower (?:extremit|limb)|\b(?:r|l|b)?les?\b",
    Part.HEAD: r"\bhead\b|brain|crani|concuss|skull|facial|scalp",
    Part.EYE: r"\beyes?\b|ocul|ophthalm|retin|vision",
    Part.EAR: r"\bears?\b|hearing|audi|tinnit",
    Part.JAW: r"\bjaw|tmj|temporomand|teeth|tooth|dent|mandib",
    Part.CHEST: r"chest|rib|stern|thorac",
    Part.ABDOMEN: r"abdom|hernia|stomach|inguin|\bgi\b",
    Part.PELVIS: r"pelvi|sacroiliac|\bsi\b|sacr|coccy",
    Part.PSYCHE: r"psych|mental|depress|anxi|emotion",
}

# A quotation that holds another category's cue and none of the value's own contradicts
# it; one that holds none of these proves a category as well as any.
CATEGORY: Mapping[Category, str] = {
    Category.PHARMACEUTICALS: r"\d\s?m?c?g\b|tablet|capsule|cream|ointment|\bgel\b|lotion"
    r"|medication|\brefill|patch|\brx\b|compound|\btabs?\b|\bcaps?\b",
    Category.PHYSICAL_THERAPY: r"physical (?:therap|medicine)|physiotherap|\bpt\b|\bot\b"
    r"|occupational therap|aqua(?:tic)?\b|hand therapy|therap|rehab",
    Category.ACUPUNCTURE: r"acupunct",
    Category.CHIROPRACTIC: r"chiro|manipulat",
    Category.OTHER_REHABILITATION: r"massage|work (?:hardening|conditioning)|functional "
    r"capacity|\bfce\b|gym|ultrasound|stimulation|shock\s?wave|\beswt\b|traction",
    Category.PROGRAMS: r"program|detox|multidisciplin|interdisciplin|rehabilitation unit",
    Category.INJECTIONS: r"inject|epidural|block|\besi\b|facet|ablation|rhizotomy|neurotomy"
    r"|trigger point|infiltration",
    Category.SURGERY: r"surg|ectomy|otomy|plasty|arthroscop|fusion|repair|release|implant"
    r"|replacement|removal|decompression",
    Category.SURGERY_SUPPORT: r"assistant|pre-?\s?op|clearance|post-?\s?op|facility|inpatient"
    r"|surg|length of stay|anesthes",
    Category.IMAGING: r"\bmri?s?\b|magnetic resonance|\bct\b|x-?\s?rays?|radiograph"
    r"|tomograph|ultrasound|ultrasonogra|scan|myelogra|imaging|arthrogra|discogra",
    Category.DIAGNOSTIC_TESTS: r"\bemg\b|\bncs\b|\bncv\b|electrodiagnos|electromyo|nerve "
    r"conduction|drug (?:screen|test)|urin|\blabs?\b|laborator|test|sleep study|polysomno"
    r"|\beeg\b|\bekg\b|screen|panel|discogra",
    Category.DMEPOS: r"brace|\bunit\b|tens\b|walker|wheel\s?chair|orthos|orthotic|splint"
    r"|support|crutch|cane|bed|mattress|device|equipment|suppl|\bdme\b|purchase|rental"
    r"|stimulator|pump|shoe|glasses|hearing aid",
    Category.CONSULTATION: r"consult|referr?al|evaluation|office visit|follow[- ]?up|visit"
    r"|re-?exam|second opinion|\bqme\b|specialist|assessment",
    Category.PSYCHOLOGICAL_SERVICES: r"psych|cognitive|behavior|biofeedback|counsel|\bcbt\b",
    Category.HOME_HEALTH: r"home (?:health|care|aide)|nurs|homecare|caregiver",
    Category.TRANSPORTATION: r"transport|\btaxi|mileage|travel",
    Category.DENTAL: r"dent|tooth|teeth|crown|oral",
}

# What is said where a guideline is none of the MTUS.
NOT_MTUS = r"non-?\s?mtus|not\b[^.]{0,40}\bmtus|outside[^.]{0,20}\bmtus"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern`, compiled once; upper and lower case are the same."""
    return re.compile(pattern, re.IGNORECASE)
