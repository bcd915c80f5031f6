"""Dates that the body tells: injury, UR denial, filing."""

from datetime import date

import pytest

from extract.parse.case.body_dates import find_denial_date, find_filing_dates, find_injury_date
from extract.spans import Found, Passage

NEWEST = date(2014, 12, 31)

INJURY = [
    ("She noticed pain come on little by little, and dates it to 2/20/2012.", "2012-02-20"),
    ("A 45-year-old roofer who fell on 2/7/2011. He has headaches and dates them to 6/1/2012.",
     "2011-02-07"),
    ("The patient is a 37-year-old female with an injury date on 8/9/13. Seen 12/9/13.",
     "2013-08-09"),
    ("This is a 42-year-old male patient with a 5/6/13 date of injury. 1/20/14 report.",
     "2013-05-06"),
    ("She claims a cumulative trauma injury of 2/1/2010 through 6/15/2012.", "2010-02-01"),
    ("an injury to the neck that was reported on 9/14/2010 as a cumulative trauma from "
     "9/14/2009 through 9/14/2010.", "2009-09-14"),
    ("A girl of 33 was struck on September 3, 2012. A CT scan on the day of the injury and an "
     "MRI on November 20, 2012 were normal.", "2012-09-03"),
    ("He was injured on 1/2/2012 in a fall. Diagnoses include cumulative trauma disorder, seen "
     "5/6/2014.", "2012-01-02"),
    ("He sustained an industrial injury on March 19, 2012, while lifting.", "2012-03-19"),
    ("a 44 year old male with a history of an occupational claim from 10/13/2013.",
     "2013-10-13"),
    ("The injured worker is a 58 year old male who fell from a ladder on 11/5/90.",
     "1990-11-05"),
    ("A sixty-one year-old is followed for an assault on the job dated 09/30/00. Since",
     "2000-09-30"),
    ("The injured worker was seen on 5/6/2014. The date of injury was 2/3/2012.",
     "2012-02-03"),
    ("He had no new injury since the visit on 3/4/2014. DOI 2/3/2012", "2012-02-03"),
    ("Date Assigned: 4/4/2014 Date of Injury: 2/27/2014", "2014-02-27"),
    ("The date of injury according to Dr. Lee is 07/11/2007.", "2007-07-11"),
    ("The employee is a 52-year-old roofer. On 2/7/2011 the lid of a vault came down on his "
     "hand. He was seen on 8/12/2013.", "2011-02-07"),
    ("The employee is a 52-year-old roofer. His right heel began to hurt on 2/7/2011, after "
     "he jumped. He was seen on 8/12/2013.", "2011-02-07"),
    ("She has neck pain; the first report of injury is dated July 9, 2012.", None),
    ("The employee is a 52-year-old roofer. Therapy began on 2/7/2011.", None),
    ("The employee is a 52-year-old roofer. He went back to work on 2/7/2011.", None),
    ("The employee is a 52-year-old roofer. On 2/7/2011 he was seen for his neck.", None),
    ("The employee is a 52-year-old roofer. On 2/7/2011 the pain was 8/10.", None),
    *((f"The employee is a 52-year-old roofer. On 2/7/2011 {told}.", None) for told in (
        "he had an epidural", "he was laid off", "he was hired", "the EMG was normal",
        "he was seen after he fell", "restrictions on lifting were set")),
    ("The employee is a 52-year-old roofer. On 2/7/2011 snow fell. He fell on 5/6/2009.",
     None),
    ("The patient is a 36-year-old woman who worked as a teller until 4/22/2013, when she was "
     "held at gunpoint.", "2013-04-22"),
    ("The patient is a 36-year-old woman who worked as a teller until 4/22/2013.", None),
    ("The employee is a 52-year-old roofer. On 2/7/2011 he injured his back.", "2011-02-07"),
    ("The patient is a 36-year-old woman who worked as a teller until 4/22/2013, when she "
     "retired.", None),
    ("Per the progress report dated 5/6/2014, the patient presents with neck pain.", None),
    ("The patient is a 44-year-old male who had lumbar surgery on 5/6/2014.", None),
    ("The patient is 50. The MRI was done in March 2013.", None),
    ("A 41-year-old woman sews.On 9/9/13 a needle went through her thumb.", "2013-09-09"),
]  # fmt: skip

DENIAL = [
    ("Utilization review denial letter is dated 12/23/13. Physical therapy from 9/18/13.",
     "2013-12-23"),
    ("There is documentation of a previous 1/24/14 adverse determination for lack of it.",
     "2014-01-24"),
    ("Utilization Review denied the request on 09/09/2014.", "2014-09-09"),
    ("Seen 6/11/14. He has pain and insomnia. UR 7/2/14.", "2014-07-02"),
    ("Seen 6/11/14. Per UR 7/2/14 is the day of the visit.", None),
    ("An adverse determination of 2/21/2014 was withdrawn: it named another.", None),
    ("The treatment was non-certified by UR on 1/2/2014; the notice was sent on 1/9/2014.",
     "2014-01-02"),
    ("An earlier request was non-certified on 11/9/2012. The utilization review adverse "
     "determination of 3/27/2014 stated it.", "2014-03-27"),
    ("The claims administrator's physician modified a first order on 12-23-2013 and denied "
     "the present one on 01-02-2014.", "2014-01-02"),
    ("Utilization review of March 24, 2014 was adverse on all three.", "2014-03-24"),
    ("The decision that is appealed here, of 05/08/2014, non-certified a group.",
     "2014-05-08"),
    ("Both were denied on 10/30/13.", "2013-10-30"),
    ("UR dated 5/21/14 denied 60 tabs. He was seen by Dr. Lee on 6/1/14.", "2014-05-21"),
    ("UR dated 5/21/14 found the surgery not to be medically necessary.", "2014-05-21"),
    ("Utilization review did not certify the study on May 9, 2013.", "2013-05-09"),
    ("UR declined to authorize it on 5/9/2013. The visit was on 5/2/2013.", "2013-05-09"),
    ("He was seen on 1/2/2014 and given a pillow.UR denied it on 1/9/2014.", "2014-01-09"),
    ("In a Utilization Review report dated June 3, 2014, the claims administrator failed to "
     "approve requests for tramadol.", "2014-06-03"),
    ("An appeal was filed on 7/3/2014. UR denied the request on 6/22/2014.", "2014-06-22"),
    ("The claims administrator referenced a January 6, 2014 date of service in its "
     "determination.", None),
    ("He asked for a brace. UR turned all of it down on 3/4/14.", "2014-03-04"),
    ("The carrier's adviser turned down all three in a letter of January 27, 2014; an approval "
     "of November 2013 is not at issue.", "2014-01-27"),
    ("Utilization review wrote back on 12/20/13, certifying a crown and none of the others.",
     "2013-12-20"),
    ("There are two. The one contested here bears the date of 2/26/14.", "2014-02-26"),
    ("The patient is a mail carrier who slipped on 3/4/2012 and denies numbness.", None),
    ("Utilization review notes that none of the injections given on 3/4/2014 helped. The UR "
     "denial was issued on 2/1/2014.", "2014-02-01"),
    ("The provider requested therapy on 12/5/13.", None),
    ("Utilization review decision: February 18, 2014 Report issued: April 20, 2014",
     "2014-02-18"),
    ("It was non-certified by UR dated 4/17/14 (received by the clinic 4/21/14).",
     "2014-04-17"),
]  # fmt: skip


@pytest.mark.parametrize(("summary", "day"), INJURY)
def test_injury_date(summary: str, day: str | None) -> None:
    age = summary.find("-year-old")
    introduced_at = 5 + age if age >= 0 else None
    found = find_injury_date(Passage(summary, 5), newest=NEWEST, introduced_at=introduced_at)
    assert (found.value.isoformat() if found else None) == day


@pytest.mark.parametrize(("summary", "day"), DENIAL)
def test_denial_date(summary: str, day: str | None) -> None:
    found = find_denial_date(Passage(summary, 5), newest=NEWEST)
    assert (found.value.isoformat() if found else None) == day


def filing_dates(notice: str) -> dict[str, date]:
    """The dates that `notice` states, by field."""
    found = find_filing_dates(Passage(notice), newest=NEWEST)
    return {name: each.value for name, each in found.items() if isinstance(each, Found)}


@pytest.mark.parametrize(
    "filed",
    ["This was opened by an application filed on 8/15/2013 against a denial.",
     "On August 15, 2013 an application was filed for Independent Medical Review.",
     "An application was received, having been filed on 15 August 2013."],
)  # fmt: skip
def test_notice_states_filing_in_other_words(filed: str) -> None:
    assert filing_dates(filed)["application_received"] == date(2013, 8, 15)


def test_notice_states_what_is_at_issue() -> None:
    notice = (
        "The application for adjudication of claim was filed on 3/4/2013. An application for "
        "Independent Medical Review was filed on 8/9/2013. A Utilization Review Denial dated "
        "6/14/2013 is not at issue here. The Utilization Review Denial dated 8/1/2013 is."
    )
    assert filing_dates(notice) == {
        "application_received": date(2013, 8, 9),
        "ur_denial_date": date(2013, 8, 1),
    }


@pytest.mark.parametrize("against", ["disputing", "; it contests", "in answer to"])
def test_notice_states_filing_and_denial(against: str) -> None:
    notice = (
        f"An application for Independent Medical Review was filed on 8/15/2013 {against} the "
        "Utilization Review Denial dated 8/6/2013. A Notice of Assignment was provided to "
        "the above parties on 9/17/2013."
    )
    assert filing_dates(notice) == {
        "application_received": date(2013, 8, 15),
        "ur_denial_date": date(2013, 8, 6),
    }
