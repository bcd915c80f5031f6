"""The tables that figures are summed from."""

from eval.fields import scored_fields
from eval.tables import confusion_table, term_table, verdict_table
from eval.verdict import Counts
from tests.eval.makers import item, record, score

BY_PATH = {field.path: field for field in scored_fields()}


def test_verdicts_by_letter_and_field() -> None:
    table = verdict_table(
        [{"patient.age": Counts(correct=1)}, {"patient.sex": Counts(missed=2)}]
    )
    assert table.counts.shape == (2, 35, 5)
    together = table.of(["patient.age", "patient.sex"])
    assert together.tolist() == [[1, 0, 0, 0, 0], [0, 2, 0, 0, 0]]


def test_no_letter_makes_an_empty_table() -> None:
    assert verdict_table([]).counts.shape == (0, 35, 5)


def test_confusions_count_labels_by_predictions() -> None:
    scored = score(
        {
            "a": (record(item(), item("CT scan")), record(item(decision="overturned"))),
            "b": (record(item()), record(item())),
            "c": (record(item(decision=None)), record(item())),
        }
    )
    table = confusion_table(scored, BY_PATH["items[].decision"])
    assert table.index.tolist() == ["upheld", "null"]
    assert table.columns.tolist() == ["upheld", "overturned", "null"]
    assert table.to_numpy().tolist() == [[1, 1, 1], [1, 0, 0]]


def test_words_of_a_list_are_counted_one_by_one() -> None:
    label = record(item(rationale_factors=["no_indication", "safety_risk"]))
    given = record(item(rationale_factors=["safety_risk", "duplicate_request"]))
    table = term_table(score({"a": (label, given)}), BY_PATH["items[].rationale_factors"])
    assert table.to_dict("index") == {
        "no_indication": {"correct": 0, "missed": 1, "spurious": 0},
        "duplicate_request": {"correct": 0, "missed": 0, "spurious": 1},
        "safety_risk": {"correct": 1, "missed": 0, "spurious": 0},
    }
