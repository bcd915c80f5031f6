"""Visits had; what counts visits, and whose a count is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lexicon import load_lexicon
from extract.parse.visits.counts import find_counts
from extract.parse.visits.item import find_visits
from extract.parse.visits.prior import parts_named
from extract.parse.visits.treatment import find_kind
from extract.parse.visits.words import Owner
from extract.spans import Passage
from tests.extract.parse.visits.visiting import ACUPUNCTURE, CHIROPRACTIC, PT, visits_of

CARE = "Prior care: chiropractic, 10 visits; acupuncture, 8 visits; PT, 12 visits."

# Item's title, case summary, visits had.
PRIOR = [
    (CHIROPRACTIC, CARE, 10),
    (ACUPUNCTURE, CARE, 8),
    (PT, CARE, 12),
    (PT, "He has had physical therapy, 6 sessions, and acupuncture, 8 sessions.", 6),
    (ACUPUNCTURE, "He has had 6 visits of physical therapy, 8 visits of acupuncture.", 8),
    (PT, "He had PT x 24.", 24),
    (PT, "He had six visits of physical therapy. He lifts up to 40 pounds.", 6),
    (PT, "He had 26 visits of physical therapy. Between the first note and the second he "
     "attended 26 sessions of therapy.", 26),
    (PT, "Physical therapy reports were provided that include total of 23 sessions.", 23),
    (PT, "The patient has had 24 sessions of physical therapy completed, and rest.", 24),
    (PT, "Notes show 8 visits between 4/1/13 and 5/3/13 and another 6 visits.", 14),
    (CHIROPRACTIC, "She saw a chiropractor in June, when 6 visits were given. A further 6 "
     "visits were completed in August, and the summary mentions 4 more in November.", 16),
    (PT, "TREATMENT: occupational therapy (10 sessions through November, 6 in December).", 16),
    (PT, "10 visits of physical therapy ended in May; a second block of 8 visits ended.", 18),
    (PT, "Treatment to date has included at least six (6) physical therapy sessions.", 6),
    (PT, "The worker attended 1 out of 12 physical therapy sessions for the back.", 1),
    (ACUPUNCTURE, "The records reveal less pain after 4/6 acupuncture treatments.", 4),
    (PT, "He has completed 9 visits of physical therapy. He completed 9 visits of it.", 9),
    ("Trigger point injections x4", "She has had three earlier trigger point injections.", 3),
    ("Trigger point injections", "Four trigger point injections were given on 1/3/13 and "
     "another four on 3/7/13.", 8),
    (CHIROPRACTIC, "Chiropractic record: 2012, twelve visits; 2013, nine visits; 2014, three "
     "visits.", 24),
    (PT, "PT 11/2019 to 3/2020, 14 visits; telehealth PT 4/2020, 4 visits.", 18),
    (PT, "There have been 16 therapy sessions in all: 10 to the end of May and 6 since.", 16),
    (ACUPUNCTURE, "Acupuncturist: authorized for 12; she has been to 9.", 9),
    (CHIROPRACTIC, "Chiropractic care consisted of 14 sessions in August 2012 and an additional "
     "6 sessions in May and June 2013.", 20),
    (CHIROPRACTIC, "He has had 14 chiropractic visits and an additional 6 visits are asked for.",
     14),
    (ACUPUNCTURE, "She had eleven sessions of acupuncture in the first half of 2013 and seven "
     "more that fall.", 18),
    (PT, "He kept twelve (12) attended PT visits through 7/12/13 and four (4) thereafter.", 16),
    ("Cognitive behavioral therapy x 6", "Twelve more sessions are wanted.", None),
    ("Cognitive behavioral therapy x 6", "Care: blocks x 3, cognitive behavioral therapy x 8.", 8),
    (ACUPUNCTURE, "She has had no pins and needles since the surgery.", None),
    (PT, "Tobacco use: never. Modified duty was asked for, but none was offered.", None),
    (PT, "He has not been seen since his last physical therapy visit.", None),
    (PT, "The finding is new to the physical therapist.", None),
    (PT, "He has not had injections or surgery since physical therapy ended.", None),
    (PT, "Work status: modified; no physical therapy; follow up in 4 weeks.", None),
    (PT, "She completed 6 physical therapy visits, with pain of 7 on 1/3/13 and 4 on 3/7/13.", 6),
    (PT, "As of 5/6/2014, 12 therapy visits were completed; as of 8/1/2014, 18 visits.", 18),
    (PT, "18 therapy visits between 2012 and 2014, 6 visits in 2013 and 12 visits in 2014.", 18),
    (ACUPUNCTURE, "No needles so far.", 0),
    (ACUPUNCTURE, "She hasn't been treated with needles or by a chiropractor yet.", 0),
    (CHIROPRACTIC, "She hasn't been treated with needles or by a chiropractor yet.", 0),
    ("Radiofrequency ablation", "Medial branch blocks; radiofrequency: never.", 0),
    ("Radiofrequency ablation at L4-5", "Medial branch blocks were done on 4/4/16.", None),
    ("Radiofrequency ablation", "An ablation of the left lumbar facets in May 2013 helped.", 1),
    ("Radiofrequency ablation", "Seen 3/1/16. RFA 3/4/16. UR 3/10/16.", None),
    ("Right SI joint injection", "A sacroiliac joint injection has not been done before.", 0),
    ("Scar injections x 3", "She had one scar injection in May and one in June.", 2),
    (PT, "No record of physical therapy was found, and she states none was ever offered.", 0),
    (ACUPUNCTURE, "The worker is new to acupuncture.", 0),
    (PT, "Care so far: a brace; no physical therapy; tramadol.", 0),
    ("Synvisc injections", "Two cortisone shots wore off. He has had no viscosupplementation.",
     0),
    (PT, "She has had no prior physical therapy for the back.", 0),
    (PT, "She completed the six authorized physical therapy visits in February.", 6),
    (PT, "The six authorized physical therapy visits are not used yet.", None),
    (ACUPUNCTURE, "He has not had acupuncture, but twelve treatments at the outset are too many.",
     0),
    (PT, "A first block of eight physical therapy visits, of which she kept seven.", 7),
    (PT, "Twelve visits of therapy were authorized, nine of which were attended.", 9),
    (PT, "Of the 12 authorized physical therapy visits, 9 were attended.", 9),
    (PT, "Six sessions of therapy were authorized and not one was attended.", 0),
    (PT, "The summary gives the number of therapy visits attended as 21 out of 24.", 21),
    (PT, "PT sessions completed to date: 10.", 10),
    (PT, "The log shows 14 physical therapy dates of service.", 14),
    (PT, "This was her 10th PT session.", 10),
    (PT, "She finished all 8 of the physical therapy visits.", 8),
    (PT, 'The therapy note is headed "visit 14 of 14".', 14),
    (CHIROPRACTIC, "Chiropractic to date: 24 visits 2009-10, 12 visits 2012.", 36),
    ("Massage therapy x 6", "Massage: none yet.", 0),
    ("Psychotherapy", "No psychotherapy sessions have been held yet.", 0),
    ("Trigger point injections x4", "He had PT. No injections.", 0),
    ("Trigger point injections x4", "No injections have helped.", None),
    ("Epidural steroid injection", "On 7/14/16 he underwent a left L5-S1 transforaminal "
     "epidural injection; pain dropped.", 1),
    ("Epidural steroid injection", "On 7/14/16 he underwent a fusion, and an epidural "
     "injection was asked for.", None),
    (PT, "The therapist has nothing more, and the surgeon wants another twelve visits.", None),
    (PT, "At his 2nd post-operative visit PT was ordered.", None),
    (PT, "UR certified 6 of 12 PT visits.", None),
    (PT, "He attended 6 of the 12 authorized PT visits.", 6),
    (PT, "The patient has completed 12 PT, 6 acupuncture and 3 ESIs.", 12),
    (PT, "The patient denies prior physical therapy.", 0),
    (PT, "No history of diabetes. PT has helped.", None),
    (CHIROPRACTIC, "He had 24 chiropractic tx.", 24),
    ("Epidural steroid injection", "She underwent two LESIs with 60 % relief.", 2),
    ("Epidural steroid injection", "Lumbar ESI x2 in 2012.", 2),
    ("Euflexxa injections", "Euflexxa series of three, right knee, completed 3/2014.", 3),
    (ACUPUNCTURE, 'Treatment: PT ("at least 20 sessions" in all), and acupuncture x 12.', 12),
    (CHIROPRACTIC, "Has never treated with a chiropractor.", 0),
    (ACUPUNCTURE, "It does not appear that acupuncture has ever been provided to him.", 0),
    ("Joint injection", "A corticosteroid injection may help. The worker has never had one.", 0),
    (PT, "He asks for a gym membership; he has never had one.", None),
    (PT, "Once he has completed the 8 authorized physical therapy visits he may go.", None),
    (PT, "He has not completed the six authorized physical therapy visits.", None),
    ("Joint injection", "Acupuncture may help. The worker has never had one.", None),
    (CHIROPRACTIC, "The employee has had no manual treatment to date.", 0),
    (ACUPUNCTURE, "She has never had acupuncture. She has had 9 visits of therapy.", 0),
    (PT, "She attended twelve sessions of therapy in 2012 and three in 2014.", 15),
    (PT, "He had six sessions of therapy for the back in the spring of 2013 and ten more in "
     "the fall.", 16),
    (CHIROPRACTIC, "To date: chiropractic x 18 (6 in 2014 and 12 in 2015), acupuncture x 6 "
     "from 1-5-16 to 2-18-16, ibuprofen.", 18),
    (ACUPUNCTURE, "To date: chiropractic x 18 (6 in 2014 and 12 in 2015), acupuncture x 6 "
     "from 1-5-16 to 2-18-16, ibuprofen.", 6),
    (PT, "She completed six sessions of therapy in the fall and eight further sessions from "
     "2/12/2018 on.", 14),
    ("Physical therapy 2x4, right hip", "Earlier therapy consisted of 12 visits for the low "
     "back in 2013 and 6 visits for the right hip in 2014.", 6),
    (PT, "Fourteen sessions of therapy have been used.", 14),
    (PT, "Physical therapy of 10 visits and 24 visits is recommended by the ODG.", None),
    ("Physical therapy, right shoulder", "She had 6 visits in 2012 and 8 visits in 2013 of "
     "therapy for the left knee.", None),
    (PT, "He had 6 sessions (8 more in March) of therapy.", 14),
    ("Lumbar sympathetic block", "Repeat blocks are advised. He has had three and none was of "
     "use.", 3),
    (ACUPUNCTURE, "Acupuncture was approved once, for 4 visits, but none took place.", 0),
    (PT, "He attended physical therapy nine times between March and May.", 9),
    (PT, "Of the twelve visits that were approved he has attended five.", 5),
    (PT, "He attended five of twelve authorized physical therapy visits.", 5),
    (CHIROPRACTIC, "PT (12 visits), chiropractic (6 visits) and acupuncture were tried.", 6),
    (CHIROPRACTIC, "Chiropractic treatment, eight visits last year and six this year.", 14),
    (CHIROPRACTIC, "Twenty chiropractic visits, twelve in 2012 and eight in 2013.", 20),
    (PT, "20 sessions of physical therapy followed the operation.", 20),
    (ACUPUNCTURE, "Acupuncture has never been tried.", 0),
    (ACUPUNCTURE, "No acupuncture has been given so far.", 0),
    (PT, "He has had no therapy of any kind for the back.", 0),
    ("Cognitive behavioral group sessions x 6", "She has never been in a group.", 0),
    (CHIROPRACTIC, "He had a course of 16 manipulations in 2014 with a full return.", 16),
    (CHIROPRACTIC, "Treatment so far: NSAIDs, chiropractic x 14 for the neck, PT x 12.", 14),
    (PT, "Physical therapy note No. 14 is dated March 9, 2016.", 14),
    (PT, "The therapist counted sessions 1 through 7 of physical therapy.", 7),
    (PT, "Therapy: 10 visits in 2019; four more therapy visits were cancelled.", 10),
    (PT, "The therapist still has four of six physical therapy visits to give.", None),
    (PT, "No therapy has been rendered since the release.", 0),
    (PT, "There has been no physical therapy for the back.", 0),
    ("Lumbar epidural injection", "She had two injections of 2012, which did not help.", 2),
    ("Lumbar epidural injection", "She is without prior injections in the back.", 0),
    ("Lumbar epidural injection", "OT (24 visits), 2 epidural injections in 10/2013.", 2),
    ("Physical therapy evaluation and 4 treatments", "She has had 6 therapy visits.", 6),
    ("Cervical epidural injection", "He has had one epidural injection in 2013 and another in "
     "May 2014, besides physical therapy.", 2),
    (PT, "He has been to therapy 4 times, has not had acupuncture, and wears a splint.", 4),
    (ACUPUNCTURE, "He has been to therapy 4 times, has not had acupuncture, and rests.", 0),
    ("Cortisone injection, left shoulder", "There has never been an injection into it.", 0),
    ("Home health aide, 4 hours a day", "She has had no nursing visits so far.", None),
    ("Home health nurse visits x 6", "She has had no nursing visits so far.", 0),
    (PT, "She attended 24 therapy visits in 2013. In the course of 2013 she completed 24 "
     "visits of therapy.", 24),
    (PT, "The patient was previously approved for 8 sessions of physical therapy.", None),
    (PT, "A request for authorization has been received for eight therapy sessions.", None),
    (PT, "She has had 6 acupuncture visits and physical therapy (unknown amount).", None),
    (PT, "She attended 12 physical therapy visits for the left knee.", None),
    (PT, "To date: physical therapy, 6 visits in 2012; acupuncture, 4 in 2013.", 6),
    (ACUPUNCTURE, "To date: physical therapy, 6 visits in 2012; acupuncture, 4 in 2013.", 4),
    (PT, "To date: physical therapy x 12, chiropractic (6 in 2014), acupuncture x 6.", 12),
    (PT, "She had 6 visits of physical therapy, an MRI in 2013 and another in 2014.", 6),
    (ACUPUNCTURE, "She has never been a smoker and had acupuncture.", None),
    (PT, "She is 47, with neck pain and 20 PT (2013).", 20),
    (PT, "Her hip score went from 52 to 71 over ten visits of physical therapy.", 10),
    (ACUPUNCTURE, "Acupuncture: 8 visits (2014) + 6 visits (2015).", 14),
    ("Synvisc-One, both knees", "He received Synvisc-One in 2012 and again in 2013.", 2),
    ("Massage, 6 visits", "No massage before. Home stretching goes on.", 0),
    ("Right hip injection", "No hip injection so far.", 0),
    ("Hyalgan injections, right knee", "She has never had a series of this kind.", 0),
    (PT, "He has never been a candidate for physical therapy.", None),
    ("Cortisone injection, left shoulder", "There has never been an infection after the "
     "cortisone injection.", None),
    (PT, "It does not appear the patient has had more than 6 visits of physical therapy.", 6),
    ("Home health assistance", "She has had 12 home health visits.", 12),
    (PT, "It does not appear the patient has undergone physical therapy previously.", 0),
    (PT, "There is no documentation of prior physical therapy.", None),
    (PT, "No prior physical therapy is noted, yet 6 therapy visits were completed.", None),
    (PT, "He has had 2 visits per week of therapy.", None),
    ("Soma 350mg #90", "The patient has had 24 sessions of physical therapy.", None),
    # Told by their dates.
    ("Left lumbar sympathetic block, quantity 2", "Left lumbar sympathetic blocks were carried "
     "out on 2/11/15, 4/8/15 and 9/16/15.", 3),
    ("L4-5 epidural injection", "Prior care: right L4-5 transforaminal epidurals on 9/12/12 and "
     "2/20/13, caudal epidural on 6/5/13.", 3),
    ("L4-5 epidural injection", "Epidural injections were given in 2011 and, most recently, in "
     "September 2014. The September 2014 injection helped.", 2),
    ("L4-5 epidural injection", "She had an L5 TFESI 3/2016 and an MRI on 4/2/2016.", 1),
    ("L4-5 epidural injection", "An epidural injection was denied on 3/1/2016.", None),
    ("L4-5 epidural injection", "She had an epidural injection. It was seen on 3/1/2016.", None),
    ("L4-5 epidural injection", "She had a facet injection on 3/1/2016.", None),
    ("Sacroiliac joint injection", "A brace was denied. A sacroiliac block in May 2013 helped "
     "for two days.", 1),
    (PT, "Physical therapy was done on 3/1/2016 and 3/4/2016.", None),
    # Whose a number is where several are told together.
    (PT, "To date: physical therapy 12 visits in 2015 and 10 visits in spring 2018, 6 "
     "chiropractic visits.", 22),
    (PT, "Twenty visits of occupational therapy followed. Then he attended 14 more, the last on "
     "9-11-15.", 34),
    (ACUPUNCTURE, "Twelve acupuncture treatments were authorised; the attendance sheets cover "
     "seven of these.", 7),
    ("Hypnotherapy x 6", "He had 32 psychotherapy sessions, 12 sessions of hypnotherapy and "
     "seven medication management visits.", 12),
    ("Aquatic therapy 2x6", "Physical therapy on land came to 18 visits; no pool therapy has "
     "been given.", 0),
    ("Vestibular rehabilitation 2x5", "He had 8 visits of PT for the neck. There was no prior "
     "vestibular therapy.", 0),
    ("Transportation to and from physical therapy", CARE, None),
    ("L5-S1 transforaminal lumbar interbody fusion", "Lumbar ESI x3.", None),
    ("Aquatic therapy 8 visits", "RFA dated 3/20/14: aquatic therapy 8 visits.", None),
    ("Cortisone injection, right hip", "Six PT visits so far; no injections to date.", 0),
    (PT, "Six PT sessions were authorized in March, none attended.", 0),
    ("Biofeedback x 6", "Biofeedback is an option. It has not been tried on this patient.", 0),
    ("Facet injections L4-5", "Back pain, up to 5/10, facet loading equivocal.", None),
    (ACUPUNCTURE, "No acupuncture was given.", 0),
    (ACUPUNCTURE, "No acupuncture sessions were attended.", 0),
    (ACUPUNCTURE, "No acupuncture was started.", 0),
    (ACUPUNCTURE, "Acupuncture is at issue. He has had three so far.", 3),
]  # fmt: skip


@pytest.mark.parametrize(("title", "summary", "count"), PRIOR)
def test_priorvisits_of(title: str, summary: str, count: int | None) -> None:
    assert visits_of(title, summary=summary)[0] == count


def test_one_count_stated_twice_is_not_added() -> None:
    counted = "The patient has had 8 sessions of physical therapy."
    assert visits_of(PT, summary=counted, rationale=counted)[0] == 8


KINDS = [
    (kind["name"], word.removesuffix("*"))
    for kind in load_lexicon("visits")["kind"]
    for word in kind["title"]
]


@pytest.mark.parametrize(("name", "word"), KINDS)
def test_each_title_word_names_its_kind(name: str, word: str) -> None:
    assert find_kind(f"Ten of {word.upper()}") == (None if name == "none" else name)


MENTIONS = [
    (kind["name"], word.removesuffix("*"))
    for kind in load_lexicon("visits")["kind"]
    for word in kind["mention"]
]


@pytest.mark.parametrize(("name", "word"), MENTIONS)
def test_each_mention_names_its_kind(name: str, word: str) -> None:
    (count,) = find_counts(Passage(f"She had 6 visits with {word}."))
    assert count.kinds == (name,)


CUES = [
    (owner, word.removesuffix("*"))
    for owner in ("had", "guideline", "neither")
    for word in load_lexicon("visits")["cues"][owner]
]


@pytest.mark.parametrize(("owner", "word"), CUES)
def test_each_cue_tells_whose_a_count_is(owner: str, word: str) -> None:
    counts = find_counts(Passage(f"So {word} of the 6 visits."))
    assert [count.owner for count in counts] == [Owner(owner)]


@pytest.mark.parametrize("word", load_lexicon("visits")["cues"]["nothing"])
def test_what_says_nothing_is_no_cue(word: str) -> None:
    counts = find_counts(Passage(f"She had {word.removesuffix('*')} for 6 visits."))
    assert [count.owner for count in counts] == [Owner.HAD]


@pytest.mark.parametrize("word", load_lexicon("visits")["cues"]["weak"])
def test_a_weak_cue_does_not_outweigh_a_request(word: str) -> None:
    counts = find_counts(Passage(f"The request {word} 6 visits."))
    assert [count.owner for count in counts] == [Owner.NEITHER]


PARTS = [
    (part, word.removesuffix("*"))
    for part, words in load_lexicon("visits")["parts"].items()
    for word in words
]


@pytest.mark.parametrize(("part", "word"), PARTS)
def test_each_part_is_told_apart(part: str, word: str) -> None:
    assert parts_named(f"visits for the {word}.") == {part}


@given(st.text(alphabet=st.sampled_from("0123456789 visxtonwghte,./-()#pcrm")))
def test_any_text_gives_places_within_it(text: str) -> None:
    passage = Passage(f"She had 3 visits. The MTUS allows 9 visits, {text}", 40)
    values = find_visits(Passage(PT), rationale=passage, summary=None)
    for found in values.values():
        assert not isinstance(found, list)
        assert passage.start <= found.start < found.end <= passage.end


def test_visits_on_a_line_of_pieces_stay_pieces() -> None:
    assert visits_of("MRI of the knee", summary="He had 6 physical therapy visits.") == (
        None,
        None,
    )


@pytest.mark.xfail(strict=True, reason="a year before its count is not read")
def test_courses_of_two_years_are_added() -> None:
    told = "He completed 6 physical therapy visits in 2012. In 2013 he completed 8 visits."
    assert visits_of(PT, summary=told)[0] == 14
