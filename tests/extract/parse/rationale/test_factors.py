"""Reasons that a rationale gives: cues, lacks, of whom a sentence speaks, learned words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lexicon import load_lexicon
from extract.parse.rationale.cues import load_lacks, read_cue
from extract.parse.rationale.factors import find_rationale_factors
from extract.parse.rationale.learned import FACTORS, ReasonModel
from extract.spans import Passage
from schemas import Decision, RationaleFactor

ENTRIES: list[dict[str, Any]] = load_lexicon("rationale_cues")["cue"]


def model_of(intercept: float, **words: dict[RationaleFactor, float]) -> ReasonModel:
    """A model that knows only `words`, each of rarity one, and what each adds to a factor."""
    rows: dict[str, list[float]] = {}
    for word, weights in words.items():
        rows[word] = [1.0]
        for factor, weight in weights.items():
            rows[word] += [FACTORS.index(factor), weight]
    return ReasonModel(
        json.dumps(
            {
                "factors": [factor.value for factor in FACTORS],
                "intercepts": [intercept] * len(FACTORS),
                "signs": {},
                "words": rows,
            }
        )
    )


CUES_ALONE = model_of(-1.4)
"""Thinks every factor too unlikely to give, and not unlikely enough to refuse a cue."""

UPHELD = [
    ("There is no documentation of functional improvement with the previous sessions.",
     {"insufficient_documentation", "no_functional_improvement"}),
    ("There is no evidence of functional improvement.", {"no_functional_improvement"}),
    ("There is no evidence of red flags.", {"guideline_criteria_not_met"}),
    ("There is no documentation of red flags.",
     {"guideline_criteria_not_met", "insufficient_documentation"}),
    ("The physician does not explain why more therapy is needed.",
     {"insufficient_documentation"}),
    ("It is unclear how many sessions the patient has received, and the outcomes of those.",
     {"insufficient_documentation"}),
    ("There were no exceptional factors noted.", set()),
    ("There is no documentation of failure to progress in a program.",
     {"guideline_criteria_not_met", "insufficient_documentation"}),
    ("MTUS and ACOEM do not address this request.", set()),
    ("Patients should have no red flags, ODG says.", set()),
    ("There was lack of documentation to support the request outside of the guidelines, as "
     "they are not recommended beyond symptom relief.", {"insufficient_documentation"}),
    ("The request would exceed the amount recommended.", {"exceeds_guideline_quantity"}),
    ("When the number of visits exceeds the guideline, exceptional factors should be noted.",
     set()),
    ("The twelve sessions lie beyond the guideline.", {"exceeds_guideline_quantity"}),
    ("By the last report its use exceeds four months.", set()),
    ("The MTUS notes that there is no evidence of lasting gain.", set()),
    ("The MTUS notes exceptions, but there is no evidence of red flags.",
     {"guideline_criteria_not_met"}),
    ("It follows that a trial would come first.", set()),
    ("A scan would add radiation and cost and no information.", set()),
    ("He did benefit and I would have no quarrel with six more.", set()),
    ("Manipulation under anesthesia is not recommended.", set()),
    ("TENS is not recommended as a primary treatment modality.", set()),
    ("Muscle relaxants are not recommended for long-term use.", {"not_for_long_term_use"}),
    ("This should not be read as a recommendation to stop long-term use abruptly.", set()),
    ("Since the surgery is not medically necessary, the sling is not medically necessary.",
     {"depends_on_denied_service"}),
    ("It carries a significant risk of diagnostic confusion.", set()),
    ("A home exercise program is appropriate.", {"home_program_suffices"}),
    ("Guidelines also state that patients should continue exercises at home.", set()),
    ("There were neither early fills nor aberrant behaviour.", set()),
    ("Early refills were looked for without anything aberrant.", set()),
    ("Early fills and aberrant use were recorded.", {"safety_risk"}),
    ("The pump is not medically necessary (see the chapter on pumps).", set()),
    ("The pump is not medically necessary (see item 1).", {"depends_on_denied_service"}),
]  # fmt: skip

OVERTURNED = [
    ("The criteria for surgery are met.", {"guideline_criteria_met"}),
    ("The visit will help this patient.", {"guideline_criteria_met"}),
    ("The number of visits is within the guidelines.", {"within_guideline_quantity"}),
    ("The criteria are met, and splints have failed to control the pain.",
     {"guideline_criteria_met", "conservative_care_failed"}),
    ("There is no documentation of red flags.", {"guideline_criteria_met"}),
    ("Nothing that is asked for is within the allowance.", {"guideline_criteria_met"}),
]  # fmt: skip


def _factors(
    rationale: str, decision: Decision | None, model: ReasonModel | None = CUES_ALONE
) -> set[str]:
    found = find_rationale_factors(Passage(rationale), decision, model=model)
    return {each.value.value for each in found}


@pytest.mark.parametrize(("rationale", "factors"), UPHELD)
def test_reasons_to_uphold(rationale: str, factors: set[str]) -> None:
    assert _factors(rationale, Decision.UPHELD) == factors


@pytest.mark.parametrize(("rationale", "factors"), OVERTURNED)
def test_reasons_to_overturn(rationale: str, factors: set[str]) -> None:
    assert _factors(rationale, Decision.OVERTURNED) == factors


def test_a_decision_in_part_has_reasons_of_both_kinds() -> None:
    rationale = "The criteria for a trial are met. But twelve sessions exceed the number."
    assert _factors(rationale, Decision.PARTIALLY_OVERTURNED) == {
        "guideline_criteria_met",
        "exceeds_guideline_quantity",
    }


def test_no_decision_has_no_reason() -> None:
    assert _factors("The criteria are met.", None) == set()


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=[f"{e['factor']}: {e['example']}" for e in ENTRIES]
)
def test_each_cue_finds_its_example(entry: dict[str, Any]) -> None:
    cue = read_cue(entry)
    sentence = entry["example"].lower()
    assert any(needle in sentence for needle in cue.needles)
    assert cue.is_in(sentence)


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=[f"{e['factor']}: {e['example']}" for e in ENTRIES]
)
def test_each_example_gives_its_factor(entry: dict[str, Any]) -> None:
    decisions = (Decision.UPHELD, Decision.OVERTURNED)
    assert any(
        entry["factor"] in _factors(entry["example"], decision) for decision in decisions
    )


def test_every_factor_has_a_rule() -> None:
    by_lack = {"insufficient_documentation", "no_functional_improvement"}
    assert {entry["factor"] for entry in ENTRIES} | by_lack == {
        f.value for f in RationaleFactor
    }


LACKS = [
    ("undocumented", "no mention of"), ("undocumented", "lack of clear documentation"),
    ("undocumented", "is not clearly stated"), ("undocumented", "does not explain"),
    ("undocumented", "the notes do not show"), ("undocumented", "failed to outline"),
    ("undocumented", "unclear"), ("undocumented", "without documentation"),
    ("undocumented", "the notes hold no"), ("undocumented", "nor is it described"),
    ("undocumented", "no trial of rest is documented"),
    ("undocumented", "outcome was not included for review"),
    ("undocumented", "neither an explicit statement"),
    ("absent", "no evidence of"), ("absent", "lack of red flags"), ("absent", "does not have"),
    ("absent", "has not yet failed"), ("absent", "is not homebound"), ("absent", "nor are there"),
    ("absent", "without evidence"), ("absent", "unremarkable"), ("absent", "has had no"),
    ("absent", "was not due to"),
    ("criterion", "red flags"), ("told", "why"), ("function", "functional gain"),
    ("explanation", "exceptional"), ("not_missing", "maximum improvement"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words"), LACKS)
def test_each_wording_of_a_lack_is_known(name: str, words: str) -> None:
    assert getattr(load_lacks(), name).search(words)


def test_each_pattern_of_a_lack_has_its_row() -> None:
    lexicon = load_lexicon("rationale_cues")["lack"]
    for name in ("undocumented", "absent"):
        for pattern in lexicon[name]:
            rows = [words for named, words in LACKS if named == name]
            assert any(_holds(pattern, words) for words in rows), pattern


def _holds(pattern: str, words: str) -> bool:
    import re

    return re.search(pattern, words) is not None


@pytest.mark.parametrize("part", load_lexicon("rationale_cues")["role"]["case"])
def test_a_sentence_on_the_case_is_no_guideline(part: str) -> None:
    assert _factors(f"X {part} mtus criteria are not met.", Decision.UPHELD)


@pytest.mark.parametrize("part", load_lexicon("rationale_cues")["role"]["guideline"])
def test_a_sentence_on_a_guideline_tells_no_lack(part: str) -> None:
    assert _factors(f"Some {part} x have no evidence of red flags.", Decision.UPHELD) == set()


@given(st.text(), st.sampled_from(list(Decision)))
def test_any_text_gives_places_within_it(text: str, decision: Decision) -> None:
    rationale = Passage(f"There is no evidence of gain. {text} The criteria are met.", 30)
    found = find_rationale_factors(rationale, decision)
    assert all(rationale.start <= f.start < f.end <= rationale.end for f in found)
    assert len({f.value for f in found}) == len(found)
    assert [f.start for f in found] == sorted(f.start for f in found)


# Wordings of reviewers that no cue has: the shipped model knows them by their words.
LEARNED = [
    ("Neither dose nor count stands on the form.", Decision.UPHELD, "request_incomplete"),
    ("Without a frequency or a duration the order cannot be weighed.", Decision.UPHELD,
     "request_incomplete"),
    ("The knee is as it was at the last scan, with no new fall or twist.", Decision.UPHELD,
     "no_new_injury_or_change"),
    ("Her liver is failing and acetaminophen would hurt it.", Decision.UPHELD,
     "safety_risk"),
]  # fmt: skip


@pytest.mark.parametrize(("rationale", "decision", "factor"), LEARNED)
def test_a_wording_without_a_cue_is_known_by_its_words(
    rationale: str, decision: Decision, factor: str
) -> None:
    assert factor not in _factors(rationale, decision)
    assert factor in _factors(rationale, decision, None)


RISK = RationaleFactor.SAFETY_RISK


@pytest.mark.parametrize(
    ("rationale", "weights", "rule"),
    [
        ("A zebra would exceed the number.", {}, "factors.cue.alone"),
        ("A zebra would exceed the number.",
         {RationaleFactor.EXCEEDS_GUIDELINE_QUANTITY: 9.0}, "factors.cue.confirmed"),
        ("A zebra runs.", {RISK: 2.0}, "factors.learned.likely"),
        ("A zebra runs.", {RISK: 9.0}, "factors.learned.sure"),
    ],
)  # fmt: skip
def test_the_rule_tells_who_knew(
    rationale: str, weights: dict[RationaleFactor, float], rule: str
) -> None:
    model = model_of(-1.4, zebra=weights)
    (found,) = find_rationale_factors(Passage(rationale), Decision.UPHELD, model=model)
    assert found.rule == rule


def test_a_cue_that_the_words_speak_against_is_dropped() -> None:
    model = model_of(-1.4, zebra={RationaleFactor.EXCEEDS_GUIDELINE_QUANTITY: -9.0})
    assert _factors("A zebra would exceed the number.", Decision.UPHELD, model) == set()


def test_a_reason_is_placed_at_its_likeliest_sentence() -> None:
    model = model_of(-1.4, zebra={RISK: 3.0}, lion={RISK: 9.0})
    rationale = Passage("A zebra runs. A lion runs. A zebra runs.", 100)
    (found,) = find_rationale_factors(rationale, Decision.UPHELD, model=model)
    assert (found.start, found.end) == (114, 126)


def test_reasons_against_a_denial_do_not_support_one() -> None:
    model = model_of(-1.4, zebra={RISK: 9.0, RationaleFactor.GUIDELINE_CRITERIA_MET: 9.0})
    assert _factors("A zebra runs.", Decision.UPHELD, model) == {"safety_risk"}
    assert _factors("A zebra runs.", Decision.OVERTURNED, model) == {"guideline_criteria_met"}


def test_weights_of_other_factors_are_refused() -> None:
    with pytest.raises(ValueError, match="imr eval learn"):
        ReasonModel('{"factors": ["x"], "intercepts": [0], "signs": {}, "words": {}}')
