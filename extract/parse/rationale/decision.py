"""What does a rationale conclude? The second source for a decision, beside the title."""

import re

from extract.parse.sentences import behind_last_stop, sentence_end
from extract.spans import Found, Passage, lowered
from schemas import Decision

# … is not medically necessary. · Not medically necessary. · … is medically justifiable ·
# … is not a medical necessity · The recommendation is for denial.
_VERDICTS = ("medically necess", "medically justifi", "a medical necessity")
_DENIALS = ("recommendation is for denial", "accordingly denied")
_CONCLUSIONS = (*_VERDICTS, *_DENIALS)
_NEGATION = re.compile(r"\b(?:n(?:ot?|or|ever)|can(?:no|')t|isn't|aren't)\b")
_THE_OTHERS = re.compile(r"the (?:other \w+|others|rest|remainder) (?:are|is) not\b")
_STOP = re.compile(r"[.;](?=[ A-Z])")
_WITHIN = 1500
"""Characters at the end of a rationale in which its conclusion is looked for: what may
follow it is advice on weaning, 300 at most in the letters seen."""
_REACH = 120
"""Characters before the verdict in which a negation speaks of it."""
_LONGEST = 600
"""Characters of a sentence on either side of the verdict."""


# "is therefore not medically necessary", and no word that could turn it round or is
# another's: "no doubt that it is", "the doctor claims that it is"
_PLAIN = re.compile(
    r"(?:\b(?:is|are|was|were)(?: (?:therefore|thus|also|accordingly|hence))?(?: not|n't)?"
    r"|\bnot) (?:(?:considered|deemed|found) (?:to be )?)?"
    r"(?:medically (?:necess|justifi)|a medical nec)"
)
_NOT_PLAIN = re.compile(
    r"\b(?:no|never|cannot|nor|neither|none|nobody|without|doubt|whether|if|unless|until|once"
    r"|could|would|might|may|claim\w*|argu\w*|contend\w*|believ\w*|alleg\w*|maintain\w*|think\w*"
    r"|opin\w*|assert\w*|says?|said|stat(?:e|es|ed)|feels?|felt|denie[sd]|denial)\b|n't\b.*\bnot\b"
    r"|\bnot\b.*\bnot\b"
)


def find_conclusion(rationale: Passage) -> Found[Decision] | None:
    """The decision that the last words on medical necessity state."""
    text = rationale.text
    lower = lowered(text)
    start, verdict = max(0, len(lower) - _WITHIN), ""
    for cue in _CONCLUSIONS:
        later = lower.rfind(cue, start)
        if later >= 0:
            start, verdict = later, cue
    if not verdict:
        return None
    end = start + len(verdict)
    sentence = behind_last_stop(_STOP, text, max(0, end - _REACH), end)
    behind = end + _REACH
    if "partially" in lower[sentence:behind] or _THE_OTHERS.search(lower, sentence, behind):
        decision = Decision.PARTIALLY_OVERTURNED
    elif verdict in _DENIALS or _NEGATION.search(lower, sentence, end):
        decision = Decision.UPHELD
    else:
        decision = Decision.OVERTURNED
    return rationale.part(start, end).found_whole(decision, "decision.rationale")


def _is_plain(rationale: Passage, concluded: Found[Decision]) -> bool:
    """Whether the sentence of the conclusion says it in plain words."""
    lower, at = lowered(rationale.text), concluded.start - rationale.start
    start = behind_last_stop(_STOP, rationale.text, max(0, at - _LONGEST), at)
    sentence = lower[start : sentence_end(lower, at, min(len(lower), at + _LONGEST))]
    return _PLAIN.search(sentence) is not None and _NOT_PLAIN.search(sentence) is None


def confirm_decision(
    decision: Found[Decision] | None, rationale: Passage | None
) -> Found[Decision] | None:
    """`decision`, its rule named after what the rationale says; else the rationale's own.

    The title decides; a rationale that concludes otherwise makes the rule `….disputed`.
    Without a title's decision the rationale's counts only if it is plain.
    """
    concluded = find_conclusion(rationale) if rationale else None
    if decision is None:
        return (
            concluded if rationale and concluded and _is_plain(rationale, concluded) else None
        )
    if concluded is None:
        return decision
    agrees = decision.value == concluded.value
    return decision._replace(rule=f"{decision.rule}.{'confirmed' if agrees else 'disputed'}")
