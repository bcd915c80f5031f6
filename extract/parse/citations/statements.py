"""Which stretches of a guideline line cite, and on what basis? Knows no guideline's name.

A line says "Decision based on MTUS …", or it is prose: "… based its decision on the …,
which is not part of the MTUS."
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from schemas import Basis


class Statement(NamedTuple):
    """A stretch of a guideline line that cites.

    Args:
        start: its first character in the line, behind the label.
        end: the character behind its last.
        rule: what the citations read from it are filed under.
        basis: of all its citations; `None` where the line does not say.
        stands_alone: whether it cites even if it names no guideline that is known.
        label_start: where the label says "MTUS".
        is_study: whether it begins with the authors of a study.
    """

    start: int
    end: int
    rule: str
    basis: Basis | None
    stands_alone: bool = True
    label_start: int = 0
    is_study: bool = False

    @property
    def is_label(self) -> bool:
        """Whether it begins with "Decision based on [Non-]MTUS"."""
        return self.rule != "citation.prose"

    @property
    def is_mtus_label(self) -> bool:
        """Whether it is of the form "Decision based on MTUS Title 2004, Section(s): …"."""
        return self.rule == "citation.mtus_label"


# Decision based on MTUS Knee Complaints 2004.
# Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Knee Chapter.
# MTUS Low Back Complaints 2004, Section(s): Summary, and Non-MTUS Citation …
#   non = "Non-MTUS", mtus or bare_mtus = "MTUS"
_LABEL = re.compile(
    r"""Decision[ ](?:is[ ])?[Bb]ased[ ](?:[Uu]p)?[Oo]n[ ](?:the[ ])?(?:
          (?P<mtus>MTUS)(?=\W|$|[A-Z][a-z])
        | (?P<non>Non-?[ ]?MTUS)(?:[ ]Citations?)?
        )?[ ]?:?
      | (?P<bare_non>Non-?[ ]?MTUS[ ]Citations?)[ ]?:?
      | \A(?P<bare_mtus>MTUS)(?=[ ][A-Z][\w &-]{3,60}[ ]\d{4},[ ]Section)""",
    re.VERBOSE,
)

# Where a label's citations end: the next sentence speaks of a person again.
_PERSON = re.compile(r" The (?:Claims Administrator|\w{1,20} Reviewer)\b")

_SENTENCE_END = re.compile(
    r"(?<=[\w)])\.[ ](?=(?:The|This|These|It|No|In|Both|He|She|They|His|Her|Because|Since"
    r"|However|I|We|UR|Neither)\b)"
)

# The Claims Administrator did not cite any medical evidence · cited no guideline
# The Expert Reviewer stated that no section of the MTUS was applicable
# Neither ACOEM nor the MTUS sets out criteria
# Claims Administrator: none · used no guideline in reaching its decision · cited nothing
_CITES_NOTHING = re.compile(
    r"""\b(?:did[ ]not|does[ ]not(?![ ]belong)|cited[ ]no|is[ ]silent|outside[ ]of[ ]the[ ]MTUS
    |has[ ]no[ ](?:passage|section|chapter|guideline)|neither[ ](?:the[ ])?(?-i:ACOEM|ODG|MTUS)
    |(?:used|stated|named|gave|found|drew[ ]on|founded[ ]on|went[ ]by)[ ]
     (?:nothing|no[ ](?:\w+[ ]){0,2}(?:guideline|section|chapter|evidence|source|passage)s?)\b
    |no[ ](?:guideline|evidence|source)s?[ ](?:(?:is|are|was|were)[ ])?(?:stated|given|named)
    |cited[ ]nothing|(?<!which[ ])has[ ]nothing|without[ ]reference[ ]to|:[ ]none
    |no[ ](?:section|chapter|part|portion|guideline)s?[ ](?:of|in|from|within)[ ]the[ ]MTUS
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)

# The Claims Administrator based its decision on the … · decision was based on …
# The claims administrator relied on the same source: … · The decision drew on the …
# Claims Administrator: decision based on … · Guideline of the Physician Reviewer: …
_BASED_ON = re.compile(
    r"""(?:\bbased[ ](?:his/her|its|their|his|her|the|my|our)[ ](?:decision|determination)
        |\b(?:decision|determination)[ ](?:(?:was|is)[ ](?:based|founded)|drew)
         (?:,[ ][a-z ]{1,20},)?
        |\bRelied[ ]upon(?:[ ]\w+)?[ ]was\b
        |\b(?:Administrator|Reviewer)(?::[ ]decision[ ]based|(?=:))
        |\b(?:Administrator|Reviewer|I|We)[ ](?:(?:had|has|have|also|therefore)[ ]){0,2}
         (?:cited|used|applied|referenced|relied
           |(?:turned[ ]to|went[ ]by|gone[ ]by)
            (?=[ ](?:(?:the|an?|same|guidelines?[ ]of)[ ])*(?-i:[A-Z])))
        )(?:[ ](?:up)?on)?\b(?:[ ]the[ ]same[ ]sources?:?)?:?[ ](?:the[ ]|an?[ ])?
        (?:guidelines?[ ]of[ ](?:the[ ])?)?""",
    re.VERBOSE | re.IGNORECASE,
)

# …, which is part of the MTUS · …, which are not part of the MTUS · … adopted into the MTUS
# …, a medical treatment guideline (MTG) which is not part of the MTUS
# … (MTUS) · … (non-MTUS) · …, which lies outside the MTUS · …, a guideline that is not MTUS
# …, which does not belong to the MTUS · …, which is not from the MTUS
_PART_OF = re.compile(
    r"""(?<!chedule)[ ]\((?P<bare_non>non-?[ ]?|not[ ])?MTUS\)(?=[ ]*(?:[.;]|$|,?[ ]and\b))
    |,?[ ](?:which|that)[ ](?:is|are|lies?|does|do)[ ](?P<does_not>not[ ])?
     (?:belong[ ]to|from)[ ](?:the[ ])?MTUS\b
    |,[ ](?P<outside>(?:(?:which|that)[ ](?:is|are|lies?)[ ]|(?:likewise|also)[ ])?
     (?:a[ ](?:source|guideline)[ ])?outside)[ ](?:of[ ])?the[ ]MTUS\b
    |,[ ]a[ ](?:source|guideline)[ ]that[ ]is[ ](?P<is_not>not[ ])(?:in[ ]the[ ])?MTUS\b
    |(?:,?[ ](?:which[ ]is[ ])?a[ ]medical[ ]treatment[ ]guideline(?:[ ]\(MTG\))?)?
    (?:,?[ ](?:which|that))?(?:,?[ ](?:is|are|was|were|being))?[ ,]\(?(?P<not>[ ]?not[ ])?[ ]?
    (?:a[ ])?(?:part[ ]of|adopted[ ](?:into|by|in)|incorporated[ ](?:into|in)|included[ ]in
      |(?<=\bnot[ ])(?:found[ ])?in)[ ](?:the[ ])?(?:California[ ](?:State[ ])?)?
    (?:MTUS\b|Medical[ ]Treatment[ ]Utilization[ ]Schedule(?:[ ]\(MTUS\))?)""",
    re.VERBOSE | re.IGNORECASE,
)

_NOT = ("not", "bare_non", "does_not", "outside", "is_not")
"""Groups of a marker that say that what stands before it is no part of the MTUS."""

_SUBJECT = (
    "it|its|they|the|this|that|these|those|all|both|nothing|no|there"
    r"|(?:ACOEM|MTUS|ODG)(?= (?:does|do|is|has|gives|says|speaks)\b)"
)
"""What a reason behind "as" begins with: "as these give the number of visits"."""

# The first name in a sentence whose verb is none of those: "The basis of the Claims
# Administrator's decision was the ACOEM Guidelines, …"; not "Neither the MTUS nor …"
_KNOWN = (
    r"(?:MTUS|ACOEM|ODG|Official Disability|American College of Occ"
    r"|(?:Chronic Pain|Acupuncture|Post-?surgical) (?:Medical )?Treatment Guid)"
)
NAME = re.compile(rf"\b{_KNOWN}")

_DENIED = re.compile(r"\b(?:neither|nor|no|not|nothing|without)\b", re.IGNORECASE)

# Where a name begins that is not known, if it is said whether it is part of the MTUS: "The
# decision of the Expert Reviewer was taken on the strength of the American Academy of …"
_LED_TO = re.compile(
    r"\b(?:Administrator|Reviewer)\b[^.;]{0,60}?"
    r"\b(?:on|of|by|to|from|in|used|cited|consulted) (?:the |an? )?(?=[A-Z])"
)

# The same at the beginning of a sentence: "American Dental Association, Guidelines for …"
_TITLE = re.compile(
    r"\s?(?:The (?!Claims|\w+ Reviewer))?(?!(?:The|This|That|It|In|An?|No|Both)\b)"
    r"(?=[A-Z][a-z]+,? [A-Z])"
)

# Words with which prose goes on behind a citation.
_STOP = re.compile(
    r",? (?:which|but|being(?! part\b)|because|since|were|was|are|is|has|have|had|although"
    rf"|while|as (?:{_SUBJECT}|well)|for (?:it|they)|for want of|too|also"
    r"|and (?:stated|found|noted))\b"
)

# … Hip Chapter, not part of the MTUS, since the MTUS is silent: why, not what, is cited.
REASON = re.compile(rf",? (?:because|since|inasmuch as|as (?:{_SUBJECT})|for (?:it|they)) ")

# Unlike the Claims Administrator, the Expert Reviewer … · as they give no figure for the
# neck, the Official Disability Guidelines …
_ASIDE = (
    r"\s*(?:Unlike|Like|Since|Because|While|Whereas|Although|Contrary to|[Aa]s (?:it|they))\b"
    r"[^,;]{0,120},"
)
ASIDE = re.compile(_ASIDE)

# … page 300, and on the ODG, … · …, as well as the ODG, … · …, and so were the ODG, …
# …, and by the ODG, … · …, and MTUS ACOEM, … · …, pg. 43, and the University of …
# …, since it is silent; and Official Disability Guidelines (ODG), …
_AND_ON = re.compile(
    r",? (?:and|as well as) (?:up)?on (?:the |an? )?|; (?:and )?(?:on )?the "
    r"|,? and (?:by (?:the )?(?=[A-Z])|(?:the )?(?=MTUS\b))"
    r"|,? (?:and so (?:is|are|was|were)|as well as) (?:the|an?) "
    rf"|;(?:{_ASIDE} the| and)? (?={_KNOWN})|(?<=\d), and the (?=[A-Z])"
)
# …, page 44, as the presumptively correct source, and the FDA advisory …
_AND_THE = re.compile(r", and (?:the |an? )?(?=[A-Z])")


# Marchetti P, de Boer HV, and Lind A. Fusion … · (2) Tran KL et al. Effects …
# The initials are one or two letters, which keeps "Knee MRI, Hip CT" out.
_AUTHOR = (
    r"(?:(?:[Vv][ao]n|[Dd]e[rn]?|[Ll][ae]|[Dd]i) ){0,2}[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?"
    r" (?!CT\b|XR\b|PT\b|OT\b|US\b)[A-Z]{1,2}\b"
)
_STUDY = re.compile(
    rf"(?:(?<=[;.,:)][ ])|(?<=\band[ ])|(?<=\bMTUS[ ])|(?<=\bCitation[ ])|\A)(?:\(\d\)[ ])?"
    rf"(?P<authors>{_AUTHOR}(?:(?:,?[ ](?:and[ ]|&[ ])?{_AUTHOR}){{1,9}}|(?=,?[ ]et[ ]al\b)))"
    r"(?:,?[ ]et[ ]al\b)?[.,:]"
)


def split_statements(text: str) -> Iterator[Statement]:
    """The stretches of the guideline line `text` that cite, in printed order."""
    for statement in _statements(text):
        for study in _STUDY.finditer(text, statement.start, statement.end):
            if text[statement.start : study.start()].strip():
                yield statement._replace(end=study.start())
            statement = statement._replace(start=study.start("authors"), is_study=True)
        yield statement


def _statements(text: str) -> Iterator[Statement]:
    labels = list(_LABEL.finditer(text))
    if not labels:
        yield from _prose_statements(text)
        return
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        person = _PERSON.search(text, label.end(), end)
        end = person.start() if person else end
        if label["mtus"] or label["bare_mtus"]:
            mtus = label.start(label.lastgroup or 0)
            yield Statement(label.end(), end, "citation.mtus_label", Basis.MTUS, True, mtus)
        elif label.lastgroup:
            yield Statement(label.end(), end, "citation.non_mtus_label", Basis.NON_MTUS)
        else:
            yield Statement(label.end(), end, "citation.prose", None)


def _prose_statements(text: str) -> Iterator[Statement]:
    start = 0
    for end in [*(match.start() for match in _SENTENCE_END.finditer(text)), len(text)]:
        yield from _sentence_statements(text, start, end)
        start = end + 1


def _sentence_statements(text: str, start: int, end: int) -> Iterator[Statement]:
    """The statements of one sentence; "which is part of the MTUS" speaks of all before it."""
    aside = ASIDE.match(text, start, end)
    start = aside.end() if aside else start
    reason = REASON.search(text, start, end)
    nothing = _CITES_NOTHING.search(text, start, reason.start() if reason else end)
    opening = _BASED_ON.search(text, start, nothing.start() if nothing else end)
    if nothing and opening:  # "… the ODG, Pain Chapter, and stated that no section of …"
        end = nothing.start()
    elif nothing:
        opening = _BASED_ON.search(text, nothing.end(), end)
        if opening is None:
            return
    markers = list(_PART_OF.finditer(text, start, end))
    if opening:
        start, stands_alone = opening.end(), True
    else:
        last = min((each.start() for each in (reason, *markers) if each), default=end)
        start, stands_alone = _beginning(text, start, last, is_marked=bool(markers))
    for marker in markers:
        basis = Basis.NON_MTUS if any(map(marker.group, _NOT)) else Basis.MTUS
        yield from _pieces(text, start, marker.start(), basis, stands_alone=stands_alone)
        start, stands_alone = marker.end(), False
    yield from _pieces(text, start, end, None, stands_alone=stands_alone)


def _beginning(text: str, start: int, end: int, *, is_marked: bool) -> tuple[int, bool]:
    """Where a sentence begins to cite that no verb opens; whether it does so by itself.

    Args:
        is_marked: it is said whether what is cited is part of the MTUS.
    """
    name = NAME.search(text, start, end)
    if name:
        is_denied = _DENIED.search(text, start, name.start()) is not None
        return (start if is_denied else name.start()), False
    unknown = _LED_TO.search(text, start, end) or _TITLE.match(text, start)
    return (unknown.end(), True) if is_marked and unknown else (start, False)


def _pieces(
    text: str, start: int, end: int, basis: Basis | None, *, stands_alone: bool
) -> Iterator[Statement]:
    """The stretches between the words "and on", each up to where prose goes on."""
    joints = list(_AND_ON.finditer(text, start, end))
    for joint_end, next_start in zip(
        [start, *(joint.end() for joint in joints)],
        [*(joint.start() for joint in joints), end],
        strict=True,
    ):
        stop = _STOP.search(text, joint_end, next_start)
        alone = stands_alone or joint_end != start
        yield Statement(
            joint_end, stop.start() if stop else next_start, "citation.prose", basis, alone
        )
        if stop and basis and (other := _AND_THE.search(text, stop.end(), next_start)):
            yield Statement(other.end(), next_start, "citation.prose", basis)
