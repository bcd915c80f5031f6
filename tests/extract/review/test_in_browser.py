"""What a reviewer does, in a real browser: mostly by keyboard, nothing lost, nothing run."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eval.gold import load_gold
from tests.conftest import ROOT
from tests.extract.pdfs import make_pdf
from tests.extract.review.conftest import Watched
from tests.extract.review.reviewing import reviewing
from tests.extract.review.runs import SAMPLE_LETTER, TWO_ITEMS, UNSURE, make_run

pytestmark = pytest.mark.flaky(reruns=2)  # a browser on a busy machine may be late

AGE = "#r\\.patient\\.age"


def press(page: Page, *keys: str) -> None:
    page.wait_for_load_state("load")  # a key pressed before the script runs is lost
    for key in keys:
        page.keyboard.press(key)


def edit_age(page: Page, age: str) -> None:
    """Give an age by keyboard, from wherever the page is."""
    page.locator(AGE).focus()
    press(page, "Enter")
    page.keyboard.type(age)
    press(page, "Enter")


def stored(page: Page, words: str = "every edit stored") -> None:
    expect(page.locator("#saved")).to_contain_text(words)


def test_a_doubtful_value_is_found_corrected_and_saved_by_keyboard_alone(
    tmp_path: Path, watched: Watched
) -> None:
    run = make_run(
        tmp_path, {"a-sure": SAMPLE_LETTER, "b-doubtful": TWO_ITEMS}, {"patient.age": UNSURE}
    )
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/")
        expect(page.locator("tbody tr").first).to_contain_text("patient.age")
        expect(page.locator("tbody tr").first).to_contain_text("41 %")
        press(page, "j", "j", "Enter")
        expect(page.locator("h1")).to_have_text("b-doubtful")
        expect(page.locator(".field.current")).to_have_attribute("data-field", "layout")
        press(page, "n")
        expect(page.locator(".field.current")).to_have_attribute("data-field", "patient.age")
        expect(page.locator("#guide-sentence")).to_contain_text("Age in years")
        expect(page.locator("mark.on")).to_have_text("44")
        press(page, "Enter", "Control+a")
        page.keyboard.type("45")
        press(page, "Enter")
        expect(page.locator(AGE)).to_contain_text("corrected")
        press(page, "Control+s")
        stored(page, "label saved")
    (letter,) = load_gold([run / "review" / "gold"])
    assert (letter.id, letter.label.patient.age) == ("b-doubtful", 45)
    assert _evaluated(run / "review" / "gold").count("patient.age") == 1
    audit = json.loads((run / "review" / "audit.jsonl").read_text("utf-8"))
    assert audit["by"] == "alice"
    assert audit["changes"] == [
        {"field": "patient.age", "item": None, "from": [44], "to": [45]}
    ]


def _evaluated(gold: Path) -> str:
    """What `imr eval` prints on the labels that were made."""
    done = subprocess.run(
        [sys.executable, "-c", "import imr; imr.main()", "eval", "--gold", str(gold)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def test_two_tabs_do_not_overwrite_each_other(tmp_path: Path, watched: Watched) -> None:
    watched.expected = {"409"}
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER})
    with reviewing(run, run / "review") as base:
        mine = watched.open(f"{base}/review/letter?id=letter")
        other = watched.open(f"{base}/review/letter?id=letter")
        edit_age(other, "50")
        stored(other)
        edit_age(mine, "60")
        banner = mine.locator("#banner")
        expect(banner).to_contain_text("changed in another window")
        expect(banner).to_contain_text("Patient age: 44 → 50")
        mine.get_by_role("button", name="Show the newer state, drop mine").click()
        expect(mine.locator(f"{AGE} input")).to_have_value("50")
        edit_age(other, "51")
        expect(other.locator(AGE)).to_contain_text("corrected")
        edit_age(mine, "61")
        mine.get_by_role("button", name="then apply mine").click()
        expect(mine.locator(f"{AGE} input")).to_have_value("61")
        stored(mine)


def test_two_reviewers_are_held_apart_and_settled(tmp_path: Path, watched: Watched) -> None:
    watched.expected = {"409"}
    run = make_run(tmp_path, {"letter": TWO_ITEMS})
    gold = run / "review" / "gold" / "labels" / "letter.json"
    with reviewing(run, run / "review", reviewers=2) as base:
        for name, age in (("alice", "45"), ("bob", "46")):
            page = watched.open(f"{base}/review/")
            page.get_by_label("Reviewer").fill(name)
            page.get_by_role("button", name="Change").click()
            page.goto(f"{base}/review/letter?id=letter")
            edit_age(page, age)
            if name == "bob":
                page.locator("#i1\\.decision").focus()
                press(page, "x")
                expect(page.locator("#i1\\.decision")).to_contain_text("not stated")
            press(page, "Control+s")
            stored(page, "label saved")
        assert not gold.exists()
        page.goto(f"{base}/review/")
        page.get_by_role("link", name="Settle 1").click()
        page.get_by_role("link", name="letter", exact=True).click()
        expect(page.locator(".point")).to_have_count(2)
        expect(page.locator(".point").first).to_contain_text("Patient age")
        expect(page.get_by_role("button", name="Save settled label")).to_be_disabled()
        settled_with(page, "2", "1 of 2 open")
        settled_with(page, "u", "2 of 2 open")
        settled_with(page, "2", "1 of 2 open")
        press(page, "j")
        settled_with(page, "1", "0 of 2 open")
        press(page, "Control+s")
        stored(page, "label saved")
    label = json.loads(gold.read_text("utf-8"))
    assert label["patient"]["age"] == 46
    assert label["items"][1]["decision"] == "overturned"
    ages = [
        json.loads(
            (run / "review" / "reviewers" / name / "labels" / "letter.json").read_text()
        )
        for name in ("alice", "bob")
    ]
    assert [record["patient"]["age"] for record in ages] == [45, 46]


def settled_with(page: Page, key: str, state: str) -> None:
    """Press `key`; the page comes back with `state` and listens again."""
    expect(page.locator(".point:focus")).to_have_count(1)
    press(page, key)
    expect(page.locator("#progress")).to_have_text(state)
    expect(page.locator(".point:focus")).to_have_count(1)


SCRIPTS = """\
<script>document.title = "owned"</script><img src=x onerror="document.title='owned'">
"><svg onload="document.title='owned'">{{ 7*7 }} javascript:alert(1) </textarea></div>&#x27;
"""


def test_a_script_laden_letter_is_text_and_nothing_else(
    tmp_path: Path, watched: Watched
) -> None:
    letter = SAMPLE_LETTER.replace("lumbar sprain", f"lumbar sprain {SCRIPTS}").replace(
        "Physical therapy twice",
        f"<b onclick=alert(1)>Physical {SCRIPTS.strip()} therapy twice",
    )
    path = tmp_path / "<img src=x onerror=alert(1)>.txt"
    path.write_text(letter)
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/")
        page.get_by_label("Add a letter").set_input_files(path)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("h1")).to_contain_text("img src")
        expect(page.locator("#text")).to_contain_text(
            '<script>document.title = "owned"</script>'
        )
        page.locator("#r\\.patient\\.age").focus()
        press(page, "c")
        page.locator("#comment-text").fill(SCRIPTS)
        page.get_by_role("button", name="Keep").click()
        expect(page.locator("#r\\.patient\\.age .comment")).to_contain_text("<script>")
        assert (
            page.locator("#text script, #text img, #form svg, #form b, #text b").count() == 0
        )
        assert "owned" not in page.title()
        page.goto(f"{base}/review/?search=<script>alert(1)</script>")
        assert page.locator("main script").count() == 0


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"%PDF-1.7 broken", "cannot be parsed"),
        (make_pdf("x", password="secret"), "needs a password"),
        (b" \n", "is empty"),
        (b"\x00\x01" * 99, "neither a PDF nor a text"),
    ],
)
def test_a_broken_upload_is_refused_in_words(
    tmp_path: Path, watched: Watched, contents: bytes, words: str
) -> None:
    watched.expected = {"422", "415"}
    path = tmp_path / "broken.pdf"
    path.write_bytes(contents)
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/")
        page.get_by_label("Add a letter").set_input_files(path)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        page.get_by_role("link", name="Back to the letters").click()
        expect(page.locator("tbody tr")).to_have_count(1)


def test_evidence_is_found_by_keyboard_and_by_selection(
    tmp_path: Path, watched: Watched
) -> None:
    run = make_run(tmp_path, {"letter": "\U0001f9fe\r\n" + SAMPLE_LETTER})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/letter?id=letter")
        page.locator(AGE).focus()
        press(page, "f")
        page.keyboard.type("date of INJURY of")
        expect(page.locator("#found")).to_have_text("1 of 1")
        press(page, "Enter")
        expect(page.locator("mark.on")).to_have_text("date of injury of")
        page.locator("#r\\.diagnoses").focus()
        select(page, "Physical Medicine and")
        press(page, "s")
        expect(page.locator("#r\\.diagnoses input").first).to_have_value("lumbar sprain")
        expect(page.locator("mark.on").first).to_have_text("Physical Medicine and")
        page.locator("#i0\\.authorized").focus()
        select(page, "12 physical therapy visits")
        page.get_by_role("button", name="Use as evidence").click()
        expect(page.locator("#i0\\.authorized textarea")).to_have_value(
            "12 physical therapy visits"
        )
        stored(page)


def select(page: Page, words: str) -> None:
    """Select `words` in the letter, as a pointer would."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById("text"), 4);
            const nodes = []; let all = "";
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                nodes.push([all.length, node]); all += node.data;
            }
            const at = all.indexOf(words), range = document.createRange();
            const put = (set, offset) => {
                const [start, node] = nodes.findLast(([from]) => from <= offset);
                set.call(range, node, offset - start);
            };
            put(range.setStart, at); put(range.setEnd, at + words.length);
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }""",
        words,
    )


def test_items_are_added_split_moved_and_removed_and_all_of_it_undone(
    tmp_path: Path, watched: Watched
) -> None:
    run = make_run(tmp_path, {"letter": TWO_ITEMS})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/letter?id=letter")
        titles = page.locator("details.item .title")
        before = titles.all_text_contents()
        page.locator("#i1\\.decision").focus()
        press(page, "Alt+ArrowUp")
        expect(titles).to_have_text([before[1], before[0]])
        page.locator("#i0\\.decision").focus()
        press(page, "i")
        expect(titles).to_have_count(3)
        expect(titles.last).to_have_text("no description yet")
        page.locator("#i0\\.description textarea").click()
        press(page, "Control+Home", *["ArrowRight"] * len("Physical therapy"))
        page.locator("#item-0").get_by_role("button", name="split at caret").click()
        expect(titles).to_have_count(4)
        expect(titles.nth(1)).to_have_text("Physical therapy")
        page.locator("#i1\\.decision").focus()
        press(page, "Alt+Delete")
        expect(titles).to_have_count(3)
        for version in range(5, 9):
            page.locator("#letter").focus()
            press(page, "u")
            expect(page.locator("body")).to_have_attribute("data-version", str(version))
        expect(titles).to_have_text(before)


def test_what_nobody_looked_at_is_no_label_without_a_question(
    tmp_path: Path, watched: Watched
) -> None:
    watched.expected = {"409"}
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER}, {"patient.age": UNSURE})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/letter?id=letter")
        press(page, "Control+s")
        banner = page.locator("#banner")
        expect(banner).to_contain_text("1 doubtful value has not been looked at")
        assert not (run / "review" / "gold").exists()
        banner.get_by_role("button", name="Save all the same").click()
        stored(page, "label saved")
    assert (run / "review" / "gold" / "labels" / "letter.json").exists()


def test_a_label_that_is_no_record_yet_is_not_saved(tmp_path: Path, watched: Watched) -> None:
    watched.expected = {"422"}
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER})
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/letter?id=letter")
        page.get_by_role("button", name="+ add an item").click()
        expect(page.locator("details.item")).to_have_count(2)
        page.get_by_role("button", name="Save label").click()
        expect(page.locator("#banner")).to_contain_text("Description: is required")
        expect(page.locator(".field.current .fault")).to_have_text("is required")
        edit_age(page, "400")
        expect(page.locator(f"{AGE} .fault")).to_contain_text("less than or equal to 120")
    assert not (run / "review" / "gold").exists()


def test_a_pdf_shows_its_page_with_the_evidence_boxed(
    tmp_path: Path, watched: Watched
) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(make_pdf("cover page", SAMPLE_LETTER))
    with reviewing(folder, tmp_path / "review") as base:
        page = watched.open(
            f"{base}/review/letter?id=scan", viewport={"width": 1920, "height": 1080}
        )
        image = page.get_by_alt_text("Page 2 of the letter")
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        page.locator(AGE).focus()
        box = page.locator(".box.on")
        expect(box).to_have_count(1)
        expect(page.locator("mark.on")).to_have_text("44")
        inside = box.bounding_box()
        paper = page.locator("#pages figure").nth(1).locator("img").bounding_box()
        assert inside
        assert paper
        assert paper["x"] < inside["x"] < paper["x"] + paper["width"]
        assert inside["width"] < paper["width"] / 20
        press(page, "p")
        expect(page.locator("#pages")).to_be_hidden()


def test_a_killed_server_loses_no_accepted_edit(tmp_path: Path, watched: Watched) -> None:
    watched.expected = {"ERR_CONNECTION_REFUSED"}
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER})
    server, base = _start(run, port=0)
    page = watched.open(f"{base}/review/letter?id=letter")
    edit_age(page, "47")
    stored(page)
    server.kill()
    server.wait()
    edit_age(page, "48")
    expect(page.locator("#banner")).to_contain_text("Not stored: the service does not answer")
    server, _ = _start(run, port=int(base.rsplit(":", 1)[1]))
    try:
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("body")).to_have_attribute("data-version", "2")
        page.reload()
        expect(page.locator(f"{AGE} input")).to_have_value("48")
        press(page, "u")
        expect(page.locator(f"{AGE} input")).to_have_value("47")
    finally:
        server.terminate()
        server.wait()


def _start(run: Path, *, port: int) -> tuple[subprocess.Popen[str], str]:
    """`imr review RUN` as a process of its own, and its address."""
    command = ["-c", "import imr; imr.main()", "review", str(run), "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, *command], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stderr
    said = ""
    while "serving" not in said:
        line = server.stderr.readline()
        assert line, said
        said += line
    server.stderr.close()
    found = re.search(r"http://[\d.:]+", said)
    assert found
    return server, found[0]
