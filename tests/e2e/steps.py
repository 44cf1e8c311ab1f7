"""What people do at a page, for tests that read as a story."""

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=15_000)


def sign_in(page: Page, login: str, password: str) -> None:
    """Sign a person in at the desk."""
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(password)
    page.keyboard.press("Enter")


def offer_of(desk: Page) -> Locator:
    """Return the offer that stands over the desk."""
    return desk.get_by_role("dialog").filter(has=desk.get_by_role("button", name="Принять"))


def composer_of(desk: Page) -> Locator:
    """Return the field where the agent writes."""
    return desk.get_by_role("textbox", name="Сообщение абоненту")


def thread_of(desk: Page) -> Locator:
    """Return the conversation at the desk."""
    return desk.get_by_role("main").get_by_role("log")


def accept(desk: Page) -> None:
    """Accept the offer by Enter; it counts only after the offer has been seen for 700 ms."""
    expect(offer_of(desk)).to_be_visible()
    for _ in range(100):
        if composer_of(desk).is_visible():
            return
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(100)
    expect(composer_of(desk)).to_be_visible()


def say(desk: Page, text: str) -> None:
    """Write to the subscriber and send."""
    composer_of(desk).fill(text)
    composer_of(desk).press("Enter")


def until(page: Page, script: str, argument: object = None) -> None:
    """Wait until a script is true; the pages' policy forbids Playwright's own way."""
    for _ in range(300):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {script}")


def start_chat(page: Page, subject: str | None = None) -> Page:
    """Open the widget on the operator's page and choose a subject."""
    page.get_by_role("button", name="Спросить человека").click()
    if subject:
        page.get_by_role("button", name=subject).click()
    return page


def write(widget: Page, text: str) -> None:
    """Write as the subscriber and send."""
    box = widget.get_by_role("textbox").last
    box.fill(text)
    box.press("Enter")
