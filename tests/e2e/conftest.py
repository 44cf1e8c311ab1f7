"""A real browser against a real server; where there is no Chromium the tests are skipped with the reason printed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.serving import Serving, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WEB = Path(__file__).resolve().parents[2] / "web"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def centre(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(template, tmp_path_factory.mktemp("e2e")) as served:
        yield served


@pytest.fixture(scope="module")
def browser(centre: Serving) -> Iterator[Browser]:
    """One Chromium a module. It comes after the server: Playwright keeps a loop running in this thread."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    for built in ("desk/dist/index.html", "widget/dist/widget.js"):
        if not (WEB / built).is_file():
            pytest.skip(f"web/{built} is not built: run ./teplo test, which builds it")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, centre: Serving, tmp_path: Path) -> Iterator[Opener]:
    """Open a page in a context of its own; anything that a page complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, *, width: int = 1440, height: int = 900, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU", **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.goto(centre.address + path)
        return page

    yield opened
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"end-{number}.png")
        context.close()
    assert not complaints, complaints


def sign_in(page: Page, login: str, password: str) -> None:
    """Sign a person in at the desk."""
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(password)
    page.get_by_role("button", name="Войти").click()
