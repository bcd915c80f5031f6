"""The case header, however it was torn apart."""

from datetime import date

import pytest

from extract.parse.case.header import parse_header
from extract.spans import Found, Passage
from schemas import Priority

NEWEST = date(2026, 1, 1)

FULL = {
    "case_number": "CM16-0000001",
    "date_assigned": date(2016, 11, 9),
    "date_of_injury": date(2016, 10, 13),
    "decision_date": date(2016, 12, 9),
    "ur_denial_date": date(2016, 11, 3),
    "priority": Priority.STANDARD,
    "application_received": date(2016, 11, 4),
}

ROW_BY_ROW = """Case Number: CM16-0000001
Date Assigned: 11/09/2016 Date of Injury: 10/13/2016
Decision Date: 12/09/2016 UR Denial Date: 11/03/2016
Priority: Standard Application
Received:
11/04/2016"""

VALUE_INSIDE_A_WRAPPED_LABEL = ROW_BY_ROW.replace(
    "Application\nReceived:\n11/04/2016", "Application 11/04/2016\nReceived:"
)

LABELS_THEN_VALUES = """Case Number:
Date Assigned:
Decision Date:
Priority:
Date of Injury:
UR Denial Date:
Application
Received:
CM16-0000001
11/09/2016
12/09/2016
Standard
10/13/2016
11/03/2016
11/04/2016"""

COLUMN_BY_COLUMN = """Case Number:
Date Assigned:
Decision Date:
Priority:
CM16-0000001
11/09/2016
12/09/2016
Standard
Date of Injury:
UR Denial Date:
Application Received:
10/13/2016
11/03/2016
11/04/2016"""

LABELS_BY_COLUMN_VALUES_BY_ROW = """Case Number: Date Assigned: Decision Date: Priority:
Date of Injury: UR Denial Date: Application Received:
CM16-0000001
11/09/2016 10/13/2016
12/09/2016 11/03/2016
Standard 11/04/2016"""

RIGHT_COLUMN_TORN_OFF = """Case Number: CM16-0000001 Date of Injury:
Date Assigned: 11/09/2016 UR Denial Date:
Decision Date: 12/09/2016 Application
Priority: Standard Received:
10/13/2016
11/03/2016
11/04/2016"""

LABELS_BROKEN_OVER_LINES = """Date of Injury: UR Denial Date: Decision Date: Priority: Application Received: Date
Assigned: IMR Case Number:
10/13/2016
11/03/2016
12/09/2016
Standard
11/04/2016
11/09/2016
CM16-0000001"""

A_VALUE_REDACTED = LABELS_THEN_VALUES.replace("Priority:", "Claims Number:\nPriority:", 1)

GLUED = """Case Number:CM16-0000001
Date Assigned:11/09/2016Date of Injury:10/13/2016
Decision Date:12/09/2016UR Denial Date:11/03/2016
Priority:StandardApplicationReceived:11/04/2016"""

WHOLE = [
    GLUED,
    A_VALUE_REDACTED,
    ROW_BY_ROW.replace("Case Number", "CaseNumber"),
    LABELS_THEN_VALUES.replace("Application\nReceived:", "IMR Application Received Date:"),
    LABELS_THEN_VALUES.replace("Priority:", "Claim Number:\nPriority:").replace(
        "Standard", "(redacted)\nStandard"
    ),
    LABELS_THEN_VALUES.replace(":\n", "\n").replace(
        "Application\nReceived", "Application Received"
    ),
    ROW_BY_ROW,
    VALUE_INSIDE_A_WRAPPED_LABEL,
    LABELS_THEN_VALUES,
    COLUMN_BY_COLUMN,
    LABELS_BY_COLUMN_VALUES_BY_ROW,
    RIGHT_COLUMN_TORN_OFF,
    LABELS_BROKEN_OVER_LINES,
]


def values(header: str, margin: str = "") -> dict[str, object]:
    """The header's fields; every place is checked to hold the value."""
    found = parse_header(Passage(header, 7), Passage(margin, 9000), newest=NEWEST)
    result: dict[str, object] = {}
    for name, each in found.items():
        assert isinstance(each, Found)
        source = margin if each.start >= 9000 else header
        place = source[each.start % 9000 - (0 if source is margin else 7) :]
        if isinstance(each.value, date):
            assert str(each.value.year)[2:] in place[:18]
        result[name] = each.value
    return result


IN_CAPITALS = ROW_BY_ROW.replace("Application\nReceived", "Application Received").upper()


@pytest.mark.parametrize("header", [IN_CAPITALS, IN_CAPITALS.replace(":", "")])
def test_labels_may_be_in_capitals_and_lack_their_colons(header: str) -> None:
    assert values(header) == FULL


@pytest.mark.parametrize("header", WHOLE)
def test_whole_header_is_read_however_it_was_torn(header: str) -> None:
    assert values(header) == FULL


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Dated: 11/18/2013\nEmployee:\nClaim Number:\nDate of UR Decision: 8/6/2013",
         {"decision_date": date(2013, 11, 18), "ur_denial_date": date(2013, 8, 6)}),
        ("Case Number: cm13-0077521        Dated: May 7, 2014\nUR Decision Date: 12/17/2013",
         {"case_number": "CM13-0077521", "decision_date": date(2014, 5, 7),
          "ur_denial_date": date(2013, 12, 17)}),
        ("Injury date: 3/5/2013\nAdverse determination: 8/6/2013",
         {"date_of_injury": date(2013, 3, 5), "ur_denial_date": date(2013, 8, 6)}),
        ("Re: CM13-0099999 (companion case)\nIMR Case Number: CM14-0011873",
         {"case_number": "CM14-0011873"}),
        ("Date of Review: 07/01/2014\nDecision Date: 07/22/2014\nThis is not an expedited review."
         "\nmedical records received: 01/05/2014", {"decision_date": date(2014, 7, 22)}),
        ("Re: CM13-0049003. UR denial: 08/13/2013. Application received: 09/03/2013.\n"
         "Standard review.",
         {"case_number": "CM13-0049003", "ur_denial_date": date(2013, 8, 13),
          "application_received": date(2013, 9, 3), "priority": Priority.STANDARD}),
        ("MEDICAL PROFESSIONAL REVIEW (EXPEDITED)\nMAXIMUS Case #: CM13-0049003\n"
         "Utilization Review Denial: 8/13/2013\nRecieved (IMR Application): 9/3/2013\n"
         "Assigned to Reviewer: 9/9/2013\nDate of Review: 9/20/2013",
         {"priority": Priority.EXPEDITED, "case_number": "CM13-0049003",
          "ur_denial_date": date(2013, 8, 13), "application_received": date(2013, 9, 3),
          "date_assigned": date(2013, 9, 9), "decision_date": date(2013, 9, 20)}),
        ("Case: CM13-0049003\nDOI: 02/19/2013",
         {"case_number": "CM13-0049003", "date_of_injury": date(2013, 2, 19)}),
        ("MAXIMUS Case Number: CM 13-0021877", {"case_number": "CM13-0021877"}),
        ("Case No. CM14-0000871\nPriority: Expedited\nDate Assigned: January 7, 2014",
         {"case_number": "CM14-0000871", "priority": Priority.EXPEDITED,
          "date_assigned": date(2014, 1, 7)}),
        ("Date of Injury: [redacted]\nUR Denial Date: 07/31/2013",
         {"ur_denial_date": date(2013, 7, 31)}),
        ("Date Assigned:  Case Number:\n07/25/2019  CM19-0097751\nDecision Date:  Date of Injury:"
         "\n08/19/2019  CT: 01/01/2015 - 11/09/17",
         {"date_assigned": date(2019, 7, 25), "case_number": "CM19-0097751",
          "decision_date": date(2019, 8, 19), "date_of_injury": date(2015, 1, 1)}),
        ("Date of Injury: CT 3/1/1983 to 10/3/2013", {"date_of_injury": date(1983, 3, 1)}),
        ("IMR Case Number:\nClaims Number:\nPriority:\nTreatment(s) in Dispute Listed on IMR "
         "Application:\nDated:\nUR Denial Date:\nCM13-0061877\nSTANDARD\nPLEASE REFERENCE "
         "UR LETTER\n05/12/2014\n11/22/2013",
         {"case_number": "CM13-0061877", "priority": Priority.STANDARD,
          "decision_date": date(2014, 5, 12), "ur_denial_date": date(2013, 11, 22)}),
        ("Claimant:\nIMR Case Number:\nDate of Injury:\nXXXXXXX\nCM13-0029846\n12/05/2012",
         {"case_number": "CM13-0029846", "date_of_injury": date(2012, 12, 5)}),
        ("Utilization Review (UR) Denial Date\nDecision Date\n10/15/2013\n02/20/2014",
         {"ur_denial_date": date(2013, 10, 15), "decision_date": date(2014, 2, 20)}),
        ("Date of Injury:\nUR Denial Date: 07/31/2013", {"ur_denial_date": date(2013, 7, 31)}),
        ("Claims Number: UR Denial Date: 11/14/2013", {"ur_denial_date": date(2013, 11, 14)}),
        ("Claims Number: CM13-0000001\nSent on: 07/31/2013", {}),
        ("Date of Injury: 02/30/2013", {}),
        ("Case Number: CM14-\uff10\uff1012345", {}),
        ("Date of Injury: unknown, reported 05/05/2013", {}),
        ("Sacramento, CA 95813-8009\n(855) 865-8873", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_partial_header_gives_what_it_states(header: str, expected: dict[str, object]) -> None:
    assert values(header) == expected


def test_case_number_is_taken_from_the_footer_if_the_header_has_none() -> None:
    assert values("", "CM13-0009214 Page 1\nCM13-0009214 Page 2") == {
        "case_number": "CM13-0009214"
    }


def test_case_number_may_be_torn_off_its_label() -> None:
    torn = "Date of Injury:\nMAXIMUS Case Number:\n\nof 4\n5/6/2008\nCM13-0010846\n"
    assert values(torn)["case_number"] == "CM13-0010846"
    assert "case_number" not in values(torn + "CM13-0010847\n")
    assert "case_number" not in values(torn, "CM13-0002222 Page 1")
    assert values(torn, "CM13-0010846 Page 1")["case_number"] == "CM13-0010846"


def test_two_case_numbers_in_the_footers_are_none() -> None:
    assert values("", "CM13-0009214 Page 1\nCM13-0009215 Page 2") == {}


def test_header_wins_over_the_footer() -> None:
    header = "Case Number: CM13-0000001"
    assert values(header, "CM13-0000002 Page 1")["case_number"] == "CM13-0000001"
