"""A real browser against a real server; where there is no Chromium the tests are skipped with the reason printed.

One server and one browser for all tests of this folder. Each test works with agents of its own: they leave the line
and their contacts are ended when it is over.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Error, Page, sync_playwright
from tests.serving import Serving, serving

from .others import Office, Others

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WEB = Path(__file__).resolve().parents[2] / "web"
FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000


@pytest.fixture(scope="package")
def centre(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(template, tmp_path_factory.mktemp("e2e")) as served:
        yield served


@pytest.fixture(scope="package")
def office(centre: Serving) -> Iterator[Office]:
    opened = Office(centre)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def browser(centre: Serving) -> Iterator[Browser]:
    """One Chromium. It comes after the server: Playwright keeps a loop running in this thread."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    for built in ("desk/dist/index.html", "widget/dist/widget.js"):
        if not (WEB / built).is_file():
            pytest.skip(f"web/{built} is not built: run ./teplo test, which builds it")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def others(centre: Serving, office: Office) -> Iterator[Others]:
    """People without a browser."""
    opened = Others(centre)
    yield opened
    opened.close()
    office.clear()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, centre: Serving, office: Office, tmp_path: Path) -> Iterator[Opener]:
    """Open a page in a context of its own; anything that a page complains of fails the test.

    `login`: somebody is signed in already. `on_line`: and takes contacts.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        path: str,
        *,
        login: str | None = None,
        on_line: bool = False,
        width: int = 1440,
        height: int = 900,
        before: Callable[[BrowserContext], None] | None = None,
        **more: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU", **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if login is not None:
            headers = _session(context.request, centre, login)
            if on_line:
                answer = context.request.put(
                    f"{centre.address}/api/v1/me/presence", data={"presence": "available"}, headers=headers
                )
                assert answer.ok, answer.text()
        if before is not None:
            before(context)
        context.on("page", lambda new: new.on("pageerror", lambda error: complaints.append(f"{path}: {error}")))
        page = context.new_page()
        page.goto(centre.address + path if path.startswith("/") else path)
        return page

    yield opened
    for number, context in enumerate(contexts):
        context.set_offline(False)
        for page in context.pages:
            with suppress(Error):
                page.screenshot(path=tmp_path / f"end-{number}.png")
        _leave_the_line(context.request, centre)
        context.close()
    office.clear()
    assert not complaints, complaints


def _session(request: APIRequestContext, centre: Serving, login: str | None = None) -> dict[str, str]:
    """Sign in (with a login) or look who is signed in; return the headers of unsafe requests."""
    url = f"{centre.address}/api/v1/session"
    answer = request.post(url, data={"login": login, "password": centre.password}) if login else request.get(url)
    return {"X-CSRF-Token": answer.json().get("csrf", "")}


def _leave_the_line(request: APIRequestContext, centre: Serving) -> None:
    headers = _session(request, centre)
    request.put(f"{centre.address}/api/v1/me/presence", data={"presence": "offline"}, headers=headers)
