"""Learning reasons from labelled sentences and rationales."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.cli import app
from eval.errors import GoldInvalid
from eval.learn import Example, learn, leave_out, load_examples
from extract.parse.rationale.learned import FACTORS, ReasonModel
from extract.parse.rationale.sentence import read_sentence
from schemas import Decision, RationaleFactor

RISK, REPEAT = RationaleFactor.SAFETY_RISK, RationaleFactor.DUPLICATE_REQUEST
WORDS = {RISK: "zebra", REPEAT: "lion"}


def of(text: str, *factors: RationaleFactor, source: str = "sentences") -> Example:
    return Example((text,), Decision.UPHELD, frozenset(factors), source)


SENTENCES = [
    of(f"A {word} {verb} {place}.", factor)
    for factor, word in WORDS.items()
    for verb in ("runs", "sleeps", "eats")
    for place in ("here", "there")
] + [of(f"A horse {verb} here.") for verb in ("runs", "sleeps", "eats", "drinks")]

RATIONALES = [
    Example(
        (f"Stripes number {number}. ", "A horse runs."),
        Decision.UPHELD,
        frozenset({RISK}),
        f"source {number % 2}",
    )
    for number in range(6)
]


def likelihood(model: ReasonModel, sentence: str, factor: RationaleFactor) -> float:
    signs = read_sentence(sentence).signs
    given = model.likelihoods(model.score(sentence, signs), Decision.UPHELD)
    return given[FACTORS.index(factor)]


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.learn.LEAST_EFFECT", 0.1)


def model_of(sentences: list[Example], rationales: list[Example]) -> ReasonModel:
    return ReasonModel(learn(sentences, rationales).render(sentences, rationales))


def test_a_word_that_goes_with_a_reason_is_learned() -> None:
    model = model_of(SENTENCES, [])
    assert likelihood(model, "a zebra drinks.", RISK) > 0.5
    assert likelihood(model, "a zebra drinks.", REPEAT) < 0.2
    assert likelihood(model, "a horse drinks.", RISK) < 0.2


def test_of_a_rationale_the_likeliest_sentence_is_taken() -> None:
    told = [*SENTENCES, *(of(f"Stripes everywhere {n}.") for n in range(3))]
    without, taught = model_of(told, []), model_of(told, RATIONALES)
    sentence = "stripes number 7."
    assert likelihood(taught, sentence, RISK) > likelihood(without, sentence, RISK)


def test_what_is_written_says_what_was_fitted() -> None:
    learned = learn(SENTENCES, RATIONALES)
    model = ReasonModel(learned.render(SENTENCES, RATIONALES))
    present = [learned.features.index(word) for word in ("a", "zebra", "runs", "a zebra")]
    rarity = np.zeros(len(learned.features))
    rarity[present] = learned.rarity[present]
    plain = learned.weights[:, : len(rarity)] @ (rarity / np.linalg.norm(rarity))
    wanted = plain + learned.intercepts
    for sign in ("decision.upheld",):
        wanted += learned.weights[:, len(rarity) + learned.signs.index(sign)]
    given = model.likelihoods(model.score("a zebra runs", ()), Decision.UPHELD)
    assert np.allclose(given, 1 / (1 + np.exp(-wanted)), atol=0.05)


def test_a_reason_without_an_example_is_never_likely() -> None:
    model = model_of(SENTENCES, [])
    assert likelihood(model, "a zebra runs.", RationaleFactor.NO_INDICATION) < 0.001


def test_learning_is_the_same_each_time() -> None:
    texts = {learn(SENTENCES, RATIONALES).render(SENTENCES, RATIONALES) for _ in range(2)}
    assert len(texts) == 1


def test_each_source_is_left_out_once() -> None:
    folds = list(leave_out(SENTENCES, RATIONALES))
    assert [fold.source for fold in folds] == ["source 0", "source 1"]
    assert all(fold.right.total() + fold.missed == 3 for fold in folds)


def test_broken_lines_are_named_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "sentences.jsonl").write_text('{"text": "x"}\nno json\n')
    (tmp_path / "rationales.jsonl").write_text('{"decision": "never"}\n')
    with pytest.raises(GoldInvalid) as raised:
        load_examples(tmp_path)
    named = " ".join(raised.value.problems)
    for place in ("sentences.jsonl:1: decision", "sentences.jsonl:2", "rationales.jsonl:1"):
        assert place in named


def test_a_separator_that_ends_no_line_of_json_is_read(tmp_path: Path) -> None:
    row = {"text": "No\u2028gain.", "decision": "upheld", "factors": []}
    lines = f"{json.dumps(row, ensure_ascii=False)}\n\n"
    (tmp_path / "sentences.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "rationales.jsonl").write_text("")
    (example,), _ = load_examples(tmp_path)
    assert example.sentences


def test_the_command_writes_what_the_rules_read(tmp_path: Path) -> None:
    reasons = tmp_path / "reasons"
    reasons.mkdir()
    rows = [
        {"text": e.sentences[0], "decision": e.decision, "factors": sorted(e.factors)}
        for e in SENTENCES
    ]
    (reasons / "sentences.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (reasons / "rationales.jsonl").write_text("")
    out = tmp_path / "model.json"
    arguments = ["learn", "--reasons", str(reasons), "--gold", "gold/letters"]
    result = CliRunner().invoke(
        app, [*arguments, "--labels", "gold/labels", "--out", str(out), "--folds"]
    )
    assert result.exit_code == 0, result.output
    assert "letters" in result.output
    assert likelihood(ReasonModel(out.read_text()), "a zebra drinks.", RISK) > 0.3


def test_the_shipped_model_is_of_these_factors() -> None:
    data = json.loads(Path("extract/data/reasons.json").read_text())
    assert data["factors"] == [factor.value for factor in FACTORS]
    assert data["sentences"] > 4000


def test_the_words_are_collected(tmp_path: Path) -> None:
    (tmp_path / "sentences.jsonl").write_text("")
    row = {
        "rationale": "Electrodiagnosis. " * 3,
        "decision": "upheld",
        "rationale_factors": [],
    }
    (tmp_path / "rationales.jsonl").write_text(json.dumps(row))
    out = tmp_path / "words.txt"
    arguments = ["words", "--reasons", str(tmp_path), "--gold", "gold/authored"]
    result = CliRunner().invoke(app, [*arguments, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert {"electrodiagnosis", "medically", "guidelines"} < set(out.read_text().split())
