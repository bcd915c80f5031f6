"""Is the review page fluid with a letter of 21 items? Times what a person waits for.

Run as `python -m benchmarks.review`: opening the page, walking with a key, an edit until the
page shows it as stored. Milliseconds in the system's Chromium, service and browser on the
same machine; the median of some rounds.
"""

import shutil
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.screenshots import open_page, reviewing
from extract import extract_record
from extract.web.openapi import SAMPLE_LETTER
from tests.extract.review.runs import with_confidence

ITEMS = 21
ROUNDS = 9

_TIMED = """async ([act, done]) => {
    const start = performance.now();
    const before = document.body.dataset.version;
    const row = document.querySelector(".field.current")?.id;
    if (act === "edit") {
        const input = document.getElementById("r.patient.age").querySelector("input");
        input.value = String((Number(input.value) + 1) % 100);
        input.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: act, bubbles: true }));
    }
    const isDone = () => done === "version" ? document.body.dataset.version !== before
        : document.querySelector(".field.current")?.id !== row;
    while (!isDone()) await new Promise((next) => setTimeout(next, 1));
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    return performance.now() - start;
}"""


def make_letter() -> str:
    """A letter of 21 items."""
    head, _, items = SAMPLE_LETTER.partition("Physical therapy twice")
    item = f"Physical therapy twice{items}"
    several = (item.replace("therapy twice", f"therapy no {n}, twice") for n in range(ITEMS))
    return head + "\n".join(several)


def timed(page: Page, act: str, done: str) -> float:
    """Median milliseconds of an act."""
    return median(float(page.evaluate(_TIMED, [act, done])) for _ in range(ROUNDS))


def main() -> None:
    """Measure and print."""
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        run = Path(folder)
        letter = run / "letter.txt"
        letter.write_text(make_letter(), "utf-8")
        extraction = extract_record(letter)
        # No value is to be trusted, so that the page asks for each.
        extraction = with_confidence(extraction, dict.fromkeys(extraction.evidence, 0.0))
        (run / "records.jsonl").write_text(extraction.model_dump_json() + "\n", "utf-8")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        with reviewing(run) as base:
            page = open_page(browser, 1280, 800, "light")
            page.goto(f"{base}/review/letter?id=letter")
            page.locator(".field.current").wait_for()
            opened = page.evaluate(
                "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            )
            size = page.evaluate("document.getElementsByTagName('*').length")
            count = len(extraction.record.items)
            print(f"review of a letter of {count} items, {size:,} elements")
            print(f"  open the page       {opened:6.0f} ms")
            print(f"  walk to a value     {timed(page, 'j', 'row'):6.0f} ms")
            print(f"  edit until stored   {timed(page, 'edit', 'version'):6.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
