"""Which diagnoses does the letter give this patient? Finds the lists and where they end.

The case summary speaks first; a rationale's diagnoses count only if the summary has none,
and never those of a sentence that speaks of a guideline's class of conditions.
"""

import re
from collections.abc import Iterator, Sequence

from extract.parse.case.diagnosis_lists import names_illness, split_diagnoses
from extract.parse.case.list_marks import is_marked
from extract.parse.dates import MONTH
from extract.parse.sentences import behind_last_stop, sentence_end
from extract.spans import Found, Passage, lowered

_VERB = (
    r"(?:is|are|was|were|has[ ]been|have[ ]been|include[sd]?|have[ ]included|has[ ]included"
    r"|consist(?:s|ed)[ ]of)"
)
_STATED = (
    r"(?:documented|listed|noted|given|reported|stated|recorded|described|marked|entered"
    r"|assigned|carried)"
)

_DATE = rf"(?:\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|{MONTH}[ ](?:\d{{1,2}},?[ ])?\d{{4}})"
# per the treater · listed on 8/6/2013 · of May 30, 2013 · (1/3/2013): · at the last session
# of the 6/26/2013 report
# Whose or of when they are: what may stand between the cue and its verb or colon.
_OCCASION = rf"""
    (?:[ ](?:{_STATED}|rendered|made))?
    (?:[ ]\({_DATE}\)(?=:)
      |(?:[ ](?:(?:as[ ])?of|on|in|from|dated)|,)?(?:[ ]the)?[ ]{_DATE}
       (?:[ ](?:report|note|visit|exam(?:ination)?|evaluation))?
       (?=:|[ ][-–—][ ]|[ ](?:{_VERB}|reads|lists)\b)
      |[ ](?:per|by|from|according[ ]to|at|on|upon|during|in|through)[ ][^.:;()]{{1,60}}?
       (?=:|[ ]{_VERB}\b))?"""

# The diagnoses are lumbar sprain and …       · current diagnoses (lumbar sprain and …)
# Diagnosis 5/12/15 - lumbar sprain - headache
# DIAGNOSES. Lumbar sprain. Headache.
# Diagnoses: 1) lumbar sprain 2) …            · the diagnosis is documented as lumbar sprain
# has diagnosis that include lumbar sprain    · The listed diagnoses per the treater are: …
# The diagnoses listed on 8/6/2013 are …      · Dx: lumbar sprain
# Listed diagnoses (ICD-9): 847.2 lumbar sprain; … · Diagnoses, by ICD-10: M54.5 low back pain
# whose report lists as diagnoses lumbar sprain and …
# The podiatrist diagnoses lumbar sprain and … · report of 12/30/2013: diagnoses lumbar sprain
# Comorbid conditions include asthma
# Behind the match stands the list.
_NOUN = rf"""
    (?:diagnos[ei]s(?:,?[ ](?:and|or|and[-/]or)[ ][a-z]{{4,12}},?)?|dx)
    (?:[ ](?:list|of[ ]record|\(ICD-?(?:9|10)(?:-CM)?(?:[ ]codes?)?\)(?=[ ]?:))
       |,?[ ]by[ ]ICD-?(?:9|10)(?=:))?
    {_OCCASION}
    (?:[ ]that)?
    (?:
        [ ](?:{_VERB}|also[ ]list|reads?(?=[ ]?:|[ ]as[ ]follows))(?:[ ]{_STATED})?
        (?:[ ](?:as[ ]follows|as|is|to[ ]be|to[ ]include|(?:th(?:ose|at)[ ])?of
          |the[ ]following))?[ ]?:?
      | [ ](?:of|as[ ]follows|as(?![ ]read\b)|to[ ]include|including)
          (?:[ ]the[ ]following)?[ ]?:?
      | [ ]?[:(]
      | (?=[ ][-–—][ ][a-z])
      | (?<=[.;:][ ]diagnoses)\.(?=[ ][A-Z])
    )
  | diagnostic[ ]list[.:]
  | (?:(?<=[ ]as[ ])|(?<=[ ]as[ ]discharge[ ])|(?<=[ ]as[ ]current[ ]))diagnoses[ ](?=[a-z])
  | (?:(?<=(?:ist|ian|eon|tor)[ ])|(?<=currently[ ])|(?<=:[ ]))diagnoses[ ]
    (?=[a-z])(?!(?:of|are|were|include|and|as|at|in|on|per|that|to|which)\b)
  | comorbid(?:ities|[ ](?:conditions|diagnoses))[ ]?(?::|[ ]include[sd]?[ ]?:?)"""

# was diagnosed with a lumbar sprain · was diagnosed as having lumbar sprain
# was diagnosed on 3/4/13 with lumbar sprain · has been assessed with lumbar sprain
# Her physician has diagnosed: lumbar sprain; headache
_PARTICIPLE = rf"""
    (?:diagnosed|assessed)(?:[ ](?:him|her))?
    (?:[ ](?:on|in)[ ]{_DATE}|[ ]by[ ][^:;()]{{1,40}}?(?=[ ]with\b))?
    [ ](?:with|as[ ]having|as|to[ ]have)(?:[ ]the[ ]following)?[ ]?:?
  | (?<=(?:has|had)[ ])diagnosed[ ]?:"""

# is undergoing treatment for lumbar sprain · Treated for: lumbar sprain
# is being treated for the diagnoses of lumbar sprain
_TREATED = r"""
    (?:(?:undergo(?:ing|es)|receiv(?:ing|es)|under)[ ](?:care[ ]and[ ])?(?:treatments?|care)
      |treated(?:[ ](?:him|her)(?=[ ]for[ ](?!\d|(?:an?|one|two|three|four|five|six)\b)))?
      |treating[ ](?:him|her|the[ ](?:patient|claimant|applicant|employee|worker)))
    [ ]for(?:[ ]the[ ]diagnos[ei]s[ ]of|[ ]the[ ]following(?:[ ]diagnoses)?)?[ ]?:?"""

# A list that is numbered: "1) lumbar", "(1) lumbar"
_FIRST = r"(?=[ ]\(?1[.)][ ]?[A-Za-z])"

# Impression: lumbar sprain · The dentist's assessment is lumbar sprain
# Assessment of 5/30/2013: lumbar sprain
# The assessment of 5/30/2013 reads lumbar sprain · Assessments - lumbar sprain
# The assessment of May 30, 2013 is as follows: 1. lumbar sprain
# lists the assessment as lumbar sprain · The diagnosis reads lumbar sprain
# A (assessment): lumbar sprain. Headache. · the physiatrist diagnosed lumbar sprain
# Assessment/Plan: 1. lumbar sprain · A: 1) lumbar sprain 2) headache
# A: lumbar sprain; headache · A/P: lumbar sprain; headache
# Diagnostic impression lumbar sprain, headache
# In the opinion of Dr. Lee the patient has lumbar sprain
# gives: Axis I: Major depressive disorder. Axis II: deferred. Axis III: lumbar sprain.
_OPINION = rf"""
    (?:(?:impressions?|assessments?){_OCCASION}
       (?:[ ]?\)?[ ]?:|[ ][-–—](?=[ ])|[ ](?:{_VERB}|reads|lists)
          (?:[ ](?:that[ ]of|of|as[ ]follows|{_STATED}[ ]as))?[ ]?:?|[ ]of(?=[ ]))
      |(?:(?<=lists[ ]the[ ])|(?<=gives[ ]the[ ])|(?<=states[ ]the[ ])|(?<=records[ ]the[ ]))
       (?:impressions?|assessments?)[ ]as(?=[ ])
      |diagnos[ei]s[ ]reads?[ ](?!as|at|by|from|in|into|of|on|out|to)
      |axis[ ]i{{1,3}}[ ]?[:–-]
      |assessments?[ ]?(?:/|and|&)[ ]?plans?[ ]?:{_FIRST}
      |(?<=[.;][ ])A(?:/P)?:(?:{_FIRST}|(?=[ ][a-z][^.]{{4,200}};))
      |(?<=diagnostic[ ])impression[ ](?=[a-z])(?!is\b|was\b|of\b|that\b|and\b|by\b|in\b)
      |(?<!is[ ])(?<!was[ ])(?<!been[ ])(?<!were[ ])(?<!not[ ])(?<!never[ ])(?<!ly[ ])
       diagnosed[ ](?=[a-z])(?!(?:him|her|it|with|as|by|on|in|at|to|the)\b)
      |in[ ]the[ ]opinion[ ]of[ ][^,:;]{{1,40}}?,?[ ](?:s?he|the[ ]\w{{1,20}})
       [ ](?:has|suffers[ ]from))"""

_CUE = re.compile(
    rf"\b(?:(?P<treated_for>{_TREATED})"
    rf"|(?P<followed_for>followed[ ]for(?:[ ]the[ ]diagnos[ei]s[ ]of)?)"
    rf"|(?P<diagnosed>{_PARTICIPLE}|{_NOUN})|(?P<impression>{_OPINION}))[ ]?",
    re.IGNORECASE | re.VERBOSE,
)
# These are said of other things, too: "an assessment of home needs", "followed for pay".
_MUST_NAME_ILLNESS = frozenset({"followed_for", "impression"})

# Lumbar strain and left radiculopathy are the working diagnoses.
_REVERSED = re.compile(
    r"(?:\A|(?<=[.;] ))(?P<list>[A-Z][^.;:]{4,200}?) (?:is|are) (?:the|his|her) "
    r"(?:[a-z]+ ){0,2}diagnos[ei]s\b(?=[.;,])"
)

# How a cue begins, in lower case: these are looked for first, as most of a letter has none.
_BEGINNINGS = (
    "diagnos",
    "comorbid",
    "treat",
    "under",
    "receiv",
    "impression",
    "assess",
    "a: ",
    "a/p: ",
    "axis i",
    "followed for",
    "dx",
    "in the opinion",
)

# An MRI's impression, a past or another's diagnosis, a diagnosis that is only sought.
_NOT_THE_PATIENTS = re.compile(
    r"\b(?:history of (?:a |the )?|no |rule out (?:a |the )?|differential |family |"
    r"validate (?:a |the )?|confirm (?:a |the )?|support(?:ing|s)? (?:a |the )?|"
    r"establish(?:ing)? (?:a |the )?|for (?:a |the )?)$",
    re.IGNORECASE,
)
_LONGEST_DENIAL = 24
"""Characters of "supporting the ", with room for a doubled blank."""
_IMAGING = re.compile(
    r"\b(?:MRI|magnetic resonance|x-? ?rays?|CT|EMG|radiograph\w*|ultrasound|sonogram)\b",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"\b(?:patient|claimant|applicant|employee|worker|he|she|his|her|IW|physician|"
    r"(?:wo)?man|treater|provider)\b|\bin this case\b|\brecords?\b|\bdocumentation of\b",
    re.IGNORECASE,
)
# "The diagnoses are …", "The dentist's diagnoses are …": of a rationale's sentence, too,
# those of this patient.
_THE = re.compile(
    r"The(?: (?:\w{2,20} ){0,2}\w{2,20}['’]s)?(?: (?:current|listed|stated|present))?"
)
_GUIDELINE = re.compile(r"\b(?:MTUS|ACOEM|ODG|[Gg]uidelines?|Chapter)\b")

# The end of the sentence before; the next may be glued to it.
_STOP = re.compile(r"[.!?][\"”’')]?(?:\s|(?=[A-Z])|$)")

# What makes a sentence of a diagnosis: "He has pain", "MRI shows stenosis".
_STATEMENT = re.compile(
    r"\b(?:is|are|was|were|has|have|had|he|she|the|shows?|showed|reveals?|revealed|reports?"
    r"|reported|complains?|presents?|noted|per|denies|positive|negative|underwent|for|no"
    r"|family)\b",
    re.IGNORECASE,
)
# "Diagnoses also list rule out a herniation", "Pain 8/10 without pills"
_ANOTHER_MATTER = re.compile(r"\A\s*Diagnos|\d/\d")
_LONGEST_DIAGNOSIS = 80

# lumbosacral strain; the current physiatrist, on 9/10/2013, diagnosed … · Axis II: deferred
_ANOTHER_LIST = re.compile(
    r"; (?:the|a|an|his|her) [^;]{3,60}\bdiagnos(?:ed|es)\b"
    r"|[,;]? ?\bAxis (?:I{1,3}|IV|V) ?[:–-]"
)

_LONGEST_LIST = 1000
_MOST_UNNAMED = 2
"""An illness is among so many first pieces of a list: "status post release; arthritis"."""
_CONTEXT = 200


def find_diagnoses(summary: Passage | None, rationales: Sequence[Passage]) -> list[Found[str]]:
    """Each diagnosis that the letter gives this patient, in order, none of them twice."""
    found = _distinct(_diagnoses(summary)) or _distinct(_reversed(summary)) if summary else []
    if found:
        stated = [each for each in found if each.rule != "diagnoses.followed_for"]
        return stated or found  # "followed for pain" tells no more than a list of them
    return _distinct(
        diagnosis._replace(rule="diagnoses.rationale")
        for rationale in rationales
        for diagnosis in _diagnoses(rationale, patient_named=True)
    )


def _diagnoses(passage: Passage, *, patient_named: bool = False) -> Iterator[Found[str]]:
    """The diagnoses of each list of `passage`.

    Args:
        patient_named: pass over sentences that do not speak of the patient.
    """
    text, end = passage.text, 0
    for start in _beginnings(lowered(text)):
        cue = _CUE.match(text, start)
        if cue is None or start < end:
            continue
        earliest = max(0, cue.start() - _CONTEXT)
        lead = text[behind_last_stop(_STOP, text, earliest, cue.start()) : cue.start()]
        if not _is_the_patients(lead, cue) or (
            patient_named and not _names_patient(lead, cue)
        ):
            continue
        end = _list_end(text, cue)
        listed = split_diagnoses(passage.part(cue.end(), end), f"diagnoses.{cue.lastgroup}")
        found = list(listed)
        if cue.lastgroup not in _MUST_NAME_ILLNESS or any(
            names_illness(each.value) for each in found[:_MOST_UNNAMED]
        ):
            yield from found


def _reversed(passage: Passage) -> Iterator[Found[str]]:
    """The diagnoses of sentences that name them first."""
    if "diagnos" not in passage.text:
        return
    for match in _REVERSED.finditer(passage.text):
        if names_illness(match["list"]):
            yield from split_diagnoses(
                passage.part(*match.span("list")), "diagnoses.diagnosed"
            )


def _beginnings(lowered: str) -> list[int]:
    """Where a cue may begin, ascending."""
    places = []
    for beginning in _BEGINNINGS:
        place = lowered.find(beginning)
        while place >= 0:
            places.append(place)
            place = lowered.find(beginning, place + len(beginning))
    return sorted(places)


def _is_the_patients(lead: str, cue: re.Match[str]) -> bool:
    if _NOT_THE_PATIENTS.search(lead, max(0, len(lead) - _LONGEST_DENIAL)):
        return False
    return cue.lastgroup != "impression" or not _IMAGING.search(lead)


def _names_patient(lead: str, cue: re.Match[str]) -> bool:
    if _GUIDELINE.search(lead):
        return False
    if cue.lastgroup == "diagnosed" and _THE.fullmatch(lead.strip()):
        return True
    return bool(_PATIENT.search(lead)) or cue.lastgroup == "treated_for"


def _list_end(text: str, cue: re.Match[str]) -> int:
    """Where the list behind `cue` ends: at its bracket, or with its sentence."""
    start, limit = cue.end(), min(len(text), cue.end() + _LONGEST_LIST)
    if cue[0].rstrip().endswith("("):
        depth = 1
        for position in range(start, limit):
            depth += (text[position] == "(") - (text[position] == ")")
            if depth == 0:
                return position
    if is_marked(text, start, limit):
        return limit
    end = sentence_end(text, start, limit)
    while cue[0].rstrip().endswith((":", ".")) and end < limit:
        further = sentence_end(text, end + 1, limit)
        if ";" in text[start:end] or not _goes_on(text[end + 1 : further]):
            break
        end = further
    another = _ANOTHER_LIST.search(text, start, end)
    return another.start() if another else end


def _goes_on(sentence: str) -> bool:
    """Whether `sentence` is a further diagnosis of a list that has full stops for commas."""
    return (
        len(sentence) <= _LONGEST_DIAGNOSIS
        and ":" not in sentence
        and not _ANOTHER_MATTER.search(sentence)
        and names_illness(sentence)
        and not _STATEMENT.search(sentence)
    )


def _distinct(found: Iterator[Found[str]]) -> list[Found[str]]:
    by_name: dict[str, Found[str]] = {}
    for diagnosis in found:
        by_name.setdefault(diagnosis.value.casefold(), diagnosis)
    return list(by_name.values())
