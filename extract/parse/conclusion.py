"""What does a rationale conclude? The second source for a decision, beside the title."""

import re

from extract.parse.sentences import behind_last_stop
from extract.spans import Found, Passage, lowered
from schemas import Decision

# … is not medically necessary. · Not medically necessary. · … is medically justifiable ·
# … is not a medical necessity · The recommendation is for denial.
_VERDICTS = ("medically necess", "medically justifi", "a medical necessity")
_DENIALS = ("recommendation is for denial", "accordingly denied")
_NEGATION = re.compile(r"\b(?:not|cannot|can't|isn't|aren't|nor|no|never)\b")
_PARTLY = re.compile(r"\bpartially\b|\bthe other \w+ (?:are|is) not\b")
_STOP = re.compile(r"[.;](?=[ A-Z])")
_WITHIN = 1500
"""Characters at the end of a rationale in which its conclusion is looked for: what may
follow it is advice on weaning, 300 at most in the letters seen."""
_REACH = 120
"""Characters before the verdict in which a negation speaks of it."""


def find_conclusion(rationale: Passage) -> Found[Decision] | None:
    """The decision that the last words on medical necessity state."""
    text = rationale.text
    lower = lowered(text)
    begin = max(0, len(lower) - _WITHIN)
    start, verdict = max((lower.rfind(cue, begin), cue) for cue in (*_VERDICTS, *_DENIALS))
    if start < 0:
        return None
    end = start + len(verdict)
    sentence = behind_last_stop(_STOP, text, max(0, end - _REACH), end)
    if _PARTLY.search(lower, sentence, end + _REACH):
        decision = Decision.PARTIALLY_OVERTURNED
    elif verdict in _DENIALS or _NEGATION.search(lower, sentence, end):
        decision = Decision.UPHELD
    else:
        decision = Decision.OVERTURNED
    return rationale.part(start, end).found_whole(decision, "decision.rationale")


def confirm_decision(
    decision: Found[Decision] | None, rationale: Passage | None
) -> Found[Decision] | None:
    """`decision`, its rule named after what the rationale says; else the rationale's own.

    The title decides; a rationale that concludes otherwise makes the rule `….disputed`.
    """
    concluded = find_conclusion(rationale) if rationale else None
    if decision is None or concluded is None:
        return decision or concluded
    agrees = decision.value == concluded.value
    return decision._replace(rule=f"{decision.rule}.{'confirmed' if agrees else 'disputed'}")
