"""The drug that a title asks for, and its strength."""

import pytest

from extract.lexicon import load_lexicon
from tests.extract.parse.title.titles import fields_of

Row = tuple[str, str | None, str | None]

DEVELOPED_ON: list[Row] = [
    ("Soma 350mg #90", "Soma", "350 mg"),
    ("Norco 10/325mg #120", "Norco", "10-325 mg"),
    ("Bupropion XL 150 mg #30 with 3 refills", "Bupropion XL", "150 mg"),
    ("Butrans 10mcg/hr patch #4 with 1 refill", "Butrans", "10 mcg/hr"),
    ("Lidoderm 5% patch #30 with 1 refill", "Lidoderm", "5 %"),
    ("Vicodin ES 7.5/750mg #90", "Vicodin ES", "7.5-750 mg"),
    ("Cyclobenzaprine 7.5 mg #60", "Cyclobenzaprine", "7.5 mg"),
    ("Terocin patches #30", "Terocin", None),
    ("Flurbiprofen 20%/Lidocaine 5% cream 180gm", "Flurbiprofen, Lidocaine", None),
    (
        "Compound: Ketoprofen 10%, Gabapentin 6%, Bupivacaine 5% cream, 240 grams",
        "Ketoprofen, Gabapentin, Bupivacaine",
        None,
    ),
]

NAMES: list[Row] = [
    ("Retrospective request for 1 prescription of Soma 350mg #60", "Soma", "350 mg"),
    ("Post-op Vicodin 5/300mg", "Vicodin", "5-300 mg"),
    ("Bupropion HCL XL 37.5mg #20", "Bupropion HCL XL", "37.5 mg"),
    ("Hydrocodone/APAP 10mg/325mg #60", "Hydrocodone/APAP", "10-325 mg"),
    ("Naproxen (Aleve) 12.5mg #20", "Naproxen (Aleve)", "12.5 mg"),
    ("Norco (hydrocodone/APAP) 10/325 mg", "Norco (hydrocodone/APAP)", "10-325 mg"),
    ("Lidocaine ointment 5% 45gm", "Lidocaine", "5 %"),
    ("Voltaren gel 1%", "Voltaren", "1 %"),
    ("Cyclobenzaprine 7.5mg (Flexeril) #60", "Cyclobenzaprine", "7.5 mg"),
    ("Tylenol #3 #60", "Tylenol #3", None),
    ("Norco 10/325 #60", "Norco", None),
    ("Ibuprofen 1,000 mg", "Ibuprofen", "1000 mg"),
    ("Xyzalol ER 10 mg #30", "Xyzalol ER", "10 mg"),
    ("Zorbium cream 4%", "Zorbium", "4 %"),
    ("Retrospective Zorbium 4% cream", "Zorbium", "4 %"),
    ("Senokot-S 8.6/50mg #120", "Senokot-S", "8.6-50 mg"),
    ("Toradol 60mg IM injection", "Toradol", "60 mg"),
]

COMPOUNDS: list[Row] = [
    ("Terocin (Lidocaine 4%, Menthol 4%) patches", "Terocin", None),
    ("FCL (Flurbiprofen 20%, Baclofen 2%)", "Flurbiprofen, Baclofen", None),
    ("Compound Diclofenac 12%, 90 grams", "Diclofenac", None),
    ("Ketoprofen/Xyzalene 5% cream", "Ketoprofen, Xyzalene", None),
    ("Topical cream (Ketoprofen, Gabapentin)", "Ketoprofen, Gabapentin", None),
]

NO_DRUG: list[Row] = [
    ("Norco 10/325mg #60 and Soma 350mg #90", None, None),
    ("Compound cream", None, None),
    ("Cortisone injection, left shoulder", None, None),
    ("Synvisc-One injection, right knee", None, None),
    ("Botox injections every 12 weeks x 4", "Botox", None),
    ("Vitamin B6 (pyridoxine) 100mg #100", "Vitamin B6 (pyridoxine)", "100 mg"),
    ("Acupuncture with a capsaicin patch", None, None),
    ("Gabapentin 300 mg and 600 mg", "Gabapentin", None),
]


@pytest.mark.parametrize(
    ("title", "drug", "strength"), DEVELOPED_ON + NAMES + COMPOUNDS + NO_DRUG
)
def test_drug_and_strength(title: str, drug: str | None, strength: str | None) -> None:
    fields = fields_of(title)
    assert (fields.get("drug"), fields.get("strength")) == (drug, strength)


def test_every_listed_name_is_the_drug_as_printed() -> None:
    names = load_lexicon("drugs")["names"]
    wrong = []
    for group in names:
        for name in names[group]:
            printed = name.title()
            given = fields_of(f"{printed} 10 mg #60").get("drug")
            if given != (None if group == "unnamed" else printed):
                wrong.append((name, given))
    assert wrong == []


def test_no_name_is_listed_twice() -> None:
    names = [name for group in load_lexicon("drugs")["names"].values() for name in group]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_modifier_stays_with_the_name() -> None:
    for word in load_lexicon("drugs")["modifiers"]["words"]:
        assert fields_of(f"Soma {word} 350 mg")["drug"] == f"Soma {word}", word


def test_no_form_is_part_of_the_name() -> None:
    for word in load_lexicon("drugs")["forms"]["words"]:
        if word != "injection":  # an injection is no pharmaceutical
            assert fields_of(f"Tramadol {word} 50 mg")["drug"] == "Tramadol", word
            assert fields_of(f"Zorbium {word} 50 mg")["drug"] == "Zorbium", word


def test_words_before_an_unknown_name_are_no_part_of_it() -> None:
    for word in load_lexicon("drugs")["around"]["before"]:
        assert fields_of(f"{word} Xyzalol 50 mg").get("drug") in ("Xyzalol", None), word
