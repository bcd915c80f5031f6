"""The page in a real browser: it sorts, filters and highlights; no letter's text runs."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from eval.make_report import make_report
from eval.render.html import render_html
from tests.eval.makers import record, score
from tests.eval.render.sample import HOSTILE, TEXT, Sample, make_sample

pytestmark = pytest.mark.flaky(reruns=2)  # a browser on a busy machine may be late

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def html() -> str:
    sample: Sample = make_sample()
    return render_html(sample.report, sample.scored, sample.texts)


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


class Tags(HTMLParser):
    """Collects the tags of a page and the addresses that they name."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href", "xlink:href")]


def test_the_page_asks_the_network_for_nothing(html: str) -> None:
    found = Tags()
    found.feed(html)
    assert [each for each in found.addresses if not each.startswith(("#", "data:,"))] == []
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_no_text_becomes_a_tag(html: str) -> None:
    found = Tags()
    found.feed(html)
    assert found.tags.count("script") == 2
    assert "alert('x')</script>" not in html


def test_a_perfect_run_without_confidences_makes_a_page() -> None:
    scored = score({"a": (record(), record())})
    text = render_html(make_report({"rules": scored}), scored, {})
    assert "Not measured: no value carries a confidence." in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("chromium is missing: install it (`apt-get install chromium`)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, html: str, tmp_path: Path) -> Iterator[Page]:
    """The report, opened; at the end nothing was complained of or asked for."""
    path = tmp_path / "report.html"
    path.write_text(html, "utf-8")
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    complaints: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(path.as_uri())
    yield opened
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    opened.close()


def first_cells(page: Page, table: str) -> list[str]:
    return page.locator(f"{table} tbody tr > :first-child").all_inner_texts()


def test_a_click_on_a_head_sorts_and_a_second_one_turns(page: Page) -> None:
    head = page.locator("#field-table thead th", has_text="missed")
    missed = page.locator("#field-table tbody td:nth-child(4)")
    in_order = [int(text) for text in missed.all_inner_texts()]
    head.locator("button").click()
    assert [int(text) for text in missed.all_inner_texts()] == sorted(in_order)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert [int(text) for text in missed.all_inner_texts()] == sorted(in_order, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    page.locator("#field-table thead th").first.locator("button").click()
    assert first_cells(page, "#field-table")[0] == "layout"
    assert head.get_attribute("aria-sort") == "none"


def test_what_is_not_measured_sorts_below_nought(page: Page) -> None:
    page.locator("#field-table thead th", has_text="recall").locator("button").click()
    recalls = page.locator("#field-table tbody td:nth-child(9)").all_inner_texts()
    dashes = recalls.count("–")
    assert dashes > 0
    assert recalls[:dashes] == ["–"] * dashes
    numbers = [float(text) for text in recalls[dashes:]]
    assert numbers == sorted(numbers)


def test_all_intervals_show_on_demand(page: Page) -> None:
    recall = page.locator("#field-table tbody tr", has_text="patient.age").locator("td").nth(7)
    assert recall.inner_text() == "75.0"
    page.check("#all-intervals")
    assert recall.inner_text().split() == ["75.0", "30.1–95.4"]


def test_filters_narrow_the_misses(page: Page) -> None:
    total = page.locator("#miss-table tbody tr").count()
    assert page.locator("#miss-count").inner_text() == f"{total} of {total}"
    page.select_option("#filter-field", "patient.sex")
    assert page.locator("#miss-table tbody tr").count() == 3
    page.select_option("#filter-verdict", "wrong")
    assert page.locator("#miss-count").inner_text() == f"2 of {total}"
    page.fill("#filter-text", "B-WRONG")
    assert first_cells(page, "#miss-table") == ["b-wrong"]
    page.fill("#filter-text", "nothing like it")
    assert page.locator("#no-misses").is_visible()


def test_a_fields_name_shows_its_misses(page: Page) -> None:
    page.locator(".show-misses", has_text="items[].decision").click()
    assert page.input_value("#filter-field") == "items[].decision"
    assert page.locator("#miss-table tbody tr").count() == 3
    page.locator(".show-misses", has_text="layout").click()
    assert page.locator("#miss-table tbody tr").count() == 1


def test_a_miss_shows_the_letter_with_both_places_marked(page: Page) -> None:
    page.select_option("#filter-field", "patient.sex")
    page.locator("#miss-table tbody tr").first.click()
    panel = page.locator("#panel")
    assert panel.locator("h3").inner_text() == "b-wrong · patient.sex"
    assert panel.locator("pre .gold").all_inner_texts() == ["male"]
    assert panel.locator("pre .given").all_inner_texts() == ["male"]
    assert "sex.word, confidence 0.6" in panel.inner_text()
    shown = panel.locator("pre").text_content()
    assert shown is not None
    # the empty lines of the extractor are left out, nothing else is
    assert shown.split() == TEXT.split()


def test_offsets_count_characters_not_code_units(page: Page) -> None:
    """An emoji stands before the item; its title is still marked exactly."""
    page.select_option("#filter-field", "items[].decision")
    page.locator("#miss-table tbody tr").first.click()
    assert page.locator("#panel pre .item").all_inner_texts() == ["MRI of the left knee"]
    assert page.locator("#panel pre .given").all_inner_texts() == ["Upheld"]


def test_hostile_text_is_shown_as_text(page: Page) -> None:
    page.fill("#filter-text", "alert('x')")
    page.select_option("#filter-verdict", "spurious")
    page.locator("#miss-table tbody tr").first.click()
    panel = page.locator("#panel")
    assert HOSTILE in panel.locator("dd").nth(2).inner_text()
    assert panel.locator("script, b").count() == 0


def test_a_letter_is_opened_by_keyboard(page: Page) -> None:
    page.locator("#miss-table tbody button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#miss-table tr[aria-current]").count() == 1
    assert page.locator("#panel h3").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_axe_finds_no_fault(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("#miss-table tbody tr").first.click()
    page.check("#all-intervals")
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run()")
    faults = [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert faults == []
