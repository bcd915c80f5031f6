"""A real browser, and pages that must not complain nor call anyone else."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium.

    Playwright keeps an event loop running in this thread: it must be gone before a test of
    another module asks for a loop of its own.
    """
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium (make test does it)"
    expect.set_options(timeout=20_000)  # a busy machine is no fault
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """Opens pages and keeps what they complain about."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.expected: set[str] = set()

    def open(self, url: str, **options: object) -> Page:
        """A page of a fresh session at `url`."""
        context = self._browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options}  # type: ignore[arg-type]  # Playwright's options
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        page = context.new_page()
        self.watch(page, url)
        page.goto(url)
        return page

    def watch(self, page: Page, url: str) -> None:
        """Note console errors, failing scripts and requests to other hosts."""
        host = url.split("/")[2]
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.split("/")[2] == host
                else self.complaints.append(f"request to {request.url}")
            ),
        )

    def unexpected(self) -> list[str]:
        """Complaints that the test did not provoke; its server stops before its pages do."""
        expected = {"ERR_CONNECTION_REFUSED", *self.expected}
        return [
            text for text in self.complaints if not any(words in text for words in expected)
        ]

    def close(self) -> None:
        """Close every session."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """Opens pages; at the end none may have complained."""
    watched = Watched(browser)
    yield watched
    watched.close()
    assert watched.unexpected() == []
