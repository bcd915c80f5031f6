"""axe finds no fault with any page, at three sizes, in light and dark."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.extract.pdfs import make_pdf
from tests.extract.review.conftest import Watched
from tests.extract.review.reviewing import reviewing
from tests.extract.review.runs import TWO_ITEMS, UNSURE, make_run

pytestmark = pytest.mark.flaky(reruns=2)  # a browser on a busy machine may be late

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def faults(page: Page) -> list[str]:
    """What axe objects to, WCAG 2.2 A and AA and best practice."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


# Contrast hangs on the scheme, overlap on the size: each of both once is enough.
@pytest.mark.parametrize(
    ("size", "scheme"),
    [((1280, 800), "light"), ((1920, 1080), "dark"), ((820, 1180), "light")],
)
def test_no_page_has_a_fault(
    tmp_path: Path, watched: Watched, scheme: str, size: tuple[int, int]
) -> None:
    watched.expected = {"409"}
    run = make_run(tmp_path, {"letter": TWO_ITEMS}, {"items[0].decision": UNSURE})
    options = {
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": scheme,
        "bypass_csp": True,  # to bring axe in
    }
    pdf = tmp_path / "scan.pdf"
    pdf.write_bytes(make_pdf(TWO_ITEMS))
    with reviewing(run, run / "review") as base:
        page = watched.open(f"{base}/review/", **options)
        assert faults(page) == []
        for name in ("bob", "alice"):
            page.get_by_label("Reviewer").fill(name)
            page.get_by_role("button", name="Change").click()
            page.goto(f"{base}/review/letter?id=letter")
            page.locator("#r\\.patient\\.age").focus()
            if name == "bob":
                page.keyboard.press("x")
            else:
                page.keyboard.press("a")
            page.keyboard.press("n")
            page.get_by_role("button", name="Save label").click()
            expect(page.locator("#banner")).to_contain_text("not been looked at")
            assert faults(page) == []
            page.get_by_role("button", name="Save all the same").click()
            expect(page.locator("#saved")).to_contain_text("label saved")
            assert faults(page) == []
            page.goto(f"{base}/review/")
        page.goto(f"{base}/review/settle")
        assert faults(page) == []
        page.goto(f"{base}/review/settle?id=letter")
        page.keyboard.press("1")
        expect(page.locator("#progress")).to_have_text("0 of 1 open")
        assert faults(page) == []
        page.goto(f"{base}/review/")
        page.get_by_label("Add a letter").set_input_files(pdf)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("h1")).to_have_text("scan")
        assert faults(page) == []
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
        assert faults(page) == []
