"""Takes the pictures of the review page that `docs/review.md` shows.

Run as `python -m benchmarks.screenshots [FOLDER]`. The letters are those of `gold/` and one
PDF made of them.
"""

import asyncio
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.letters import GOLD
from extract import Settings, extract_record
from extract.review.app import create_review_app
from extract.review.loading import load
from extract.review.review import Review, ReviewSettings
from extract.web.settings import ServiceSettings


def make_run(folder: Path) -> Path:
    """A run over the gold letters and a PDF."""
    from fpdf import FPDF

    run = folder / "run"
    run.mkdir()
    letters = sorted(GOLD.glob("*.txt"))
    document = FPDF()
    document.set_font("helvetica", size=10)
    for text in letters[1].read_text("utf-8").partition("IMR ISSUES")[::2]:
        document.add_page()
        document.multi_cell(0, 5, ("IMR ISSUES" * (document.page_no() > 1)) + text)
    pdf = folder / "letter-as-pdf.pdf"
    document.output(str(pdf))
    lines = [extract_record(path).model_dump_json() for path in [*letters, pdf]]
    (run / "records.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return run


@contextmanager
def reviewing(run: Path) -> Iterator[str]:
    """The address of a review of `run`."""
    review = Review(
        ReviewSettings(max_bytes=Settings.max_bytes, folder=run / "review", reviewer="alice")
    )
    load(run, review.shelf, Settings(), lambda count: None)
    app = create_review_app(ServiceSettings(workers=1), review)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", loop="asyncio"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def open_page(browser: Browser, width: int, height: int, scheme: str) -> Page:
    """An empty page."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-US")  # type: ignore[arg-type]  # Playwright's TypedDict
    return context.new_page()


def label(page: Page, base: str, name: str, keys: list[str]) -> None:
    """Label the second letter as `name`, with what `keys` change."""
    page.goto(f"{base}/review/")
    page.get_by_label("Reviewer").fill(name)
    page.get_by_role("button", name="Change").click()
    page.goto(f"{base}/review/letter?id=imr-002")
    page.locator(".field.current").wait_for()
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Save all the same").click()  # doubts were not looked at
    page.get_by_text("label saved").wait_for()


def main() -> None:
    """Take every picture."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        run = make_run(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        with reviewing(run) as base:
            take(browser, base, out)
        browser.close()


def take(browser: Browser, base: str, out: Path) -> None:
    """The list, a letter (light, tablet), a PDF (dark), settling."""
    page = open_page(browser, 1280, 800, "light")
    label(page, base, "bob", ["n", "x"])
    label(page, base, "alice", ["n", "a"])
    page.goto(f"{base}/review/")
    page.screenshot(path=out / "review-list.png")
    page.goto(f"{base}/review/settle?id=imr-002")
    page.locator(".point").first.wait_for()
    page.screenshot(path=out / "review-settle.png")
    for name, width, height, scheme in (
        ("letter", 1280, 800, "light"),
        ("tablet", 820, 1180, "light"),
        ("dark", 1280, 800, "dark"),
    ):
        page = open_page(browser, width, height, scheme)
        page.goto(f"{base}/review/letter?id=imr-003")
        page.locator(".field.current").wait_for()
        page.keyboard.press("n")
        page.keyboard.press("n")
        page.wait_for_timeout(700)
        page.screenshot(path=out / f"review-{name}.png")
    page = open_page(browser, 1920, 1080, "dark")
    page.goto(f"{base}/review/letter?id=letter-as-pdf")
    page.locator("#pages img").first.evaluate("image => image.decode()")
    page.keyboard.press("n")
    page.wait_for_timeout(1500)
    page.screenshot(path=out / "review-pdf.png")


if __name__ == "__main__":
    main()
