"""A browser, a server for the built site, and pages in it.

Everything lives as long as a module, not as a session: while Playwright runs, asyncio takes this
thread for a running event loop, and later tests execute notebooks.
"""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: run 'make setup'")

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ABSENT = "no Chromium: run 'apt-get install chromium', or set CHROMIUM to the path of yours"


def find_chromium():
    candidates = [os.environ.get("CHROMIUM") or "", *NAMES]
    return next(filter(None, map(shutil.which, filter(None, candidates))), None)


@pytest.fixture(scope="module")
def browser():
    executable = find_chromium()
    if executable is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(ABSENT)
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open, as every real server does

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def origin():
    """Serve site/ on a free port."""
    if not Path("site", "index.html").is_file():
        pytest.fail("run make site first")
    handler = functools.partial(Handler, directory="site")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def context(browser, origin):
    """Hold one window, whose cache serves all pages."""
    window = browser.new_context(color_scheme="light", reduced_motion="reduce")
    window.set_default_timeout(30_000)  # other tests keep the cores busy
    window.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    window.add_init_script("localStorage.clear()")  # each visit is a first one, with no look kept
    window.add_init_script(COUNT_SHUT_FOLDS)
    yield window
    window.close()


COUNT_SHUT_FOLDS = """addEventListener('afterprint', () => {
  window.shutOnPaper = document.querySelectorAll('.md-content details:not([open])').length;
})"""


@pytest.fixture(scope="module")
def page(request, context, origin):
    """Open a page once for all its tests, which leave it as wide as it was."""
    opened = context.new_page()
    opened.complaints = listen(opened, origin)
    opened.goto(f"{origin}/{request.param}")
    yield opened
    opened.close()


def listen(page, origin):
    """Collect whatever a page should not do, from its first request on."""
    heard = []
    ours = (f"{origin}/", "data:", "blob:")
    page.on("request", lambda r: r.url.startswith(ours) or heard.append(f"elsewhere: {r.url}"))
    page.on("response", lambda r: r.status < 400 or heard.append(f"{r.status}: {r.url}"))
    page.on("requestfailed", lambda r: heard.append(f"failed: {r.url}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
    return heard
