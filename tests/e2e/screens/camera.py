"""Takes pictures of a page in every theme, language and size, and notes what is wrong with each."""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page
from tests.e2e.test_accessibility import _AXE, _violations

DESKTOP = ((1280, 720), (1440, 900), (1920, 1080))
PHONE = ((360, 740),)
THEMES = ("light", "dark")
LANGUAGES = ("ru", "en")
THUMB = 640
"""Width of one picture on a sheet, px."""

_BY_SEARCH = 'scrollable-region-focusable: <div id="react-aria'
"""A list that the arrow keys of its search field walk through and scroll."""

_FAULTS = Path(__file__).with_name("faults.js").read_text("utf-8")
_SPEAK = """language => {
  if (window.Teplo) {
    document.documentElement.lang = language;
    window.Teplo.setLanguage(language);
  }
  else document.querySelector(`[aria-label="Язык"] [lang="${language}"], [aria-label="Language"] [lang="${language}"]`)
    ?.closest('button').click();
}"""
_STILL = """async () => {
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await document.fonts.ready;
  await frames(); // what enters begins to move only now
  const roots = [document, ...[...document.querySelectorAll('body > *')].flatMap(one => one.shadowRoot ?? [])];
  const ends = roots.flatMap(root => root.getAnimations())
    .filter(one => one.effect.getComputedTiming().iterations !== Infinity).map(one => one.finished.catch(() => 0));
  await Promise.race([Promise.all(ends), new Promise(done => setTimeout(done, 1500))]);
  await frames();
}"""
_LOOKS = """() => {
  const roots = [document, ...[...document.querySelectorAll('body > *')].flatMap(one => one.shadowRoot ?? [])];
  const looks = one => { const s = getComputedStyle(one);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  const active = () => { let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement; return one; };
  active()?.blur();
  const before = new Map();
  for (const root of roots) for (const one of root.querySelectorAll('*')) before.set(one, looks(one));
  const walked = new Set();
  window.focusUnseen = () => {
    const one = active();
    if (!one || one === document.body || walked.has(one)) return null;
    walked.add(one);
    const same = [one, one.parentElement].every(each => !each || before.get(each) === looks(each));
    return same ? `${one.tagName} ${(one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40)}` : '';
  };
}"""
_MOST = 150
"""Presses of Tab; longer pages are walked through in part."""


class Camera:
    """Keeps pictures and sheets in a folder; `faults` are (picture, kind, what) with the variants that have it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faults: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.pictures = 0

    def shoot(
        self,
        page: Page,
        name: str,
        *,
        sizes: Iterable[tuple[int, int]] = DESKTOP,
        focus: bool = False,
        axe: bool = True,
    ) -> None:
        """Take the page as it stands in all variants; it is left light, Russian, in the size it had.

        `focus`: walk through by Tab, too, and note what does not show the focus; nothing has it after that.
        """
        before, kept, sizes = page.viewport_size, [], tuple(sizes)
        assert before is not None
        for language in LANGUAGES:
            page.evaluate(_SPEAK, language)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                if page.evaluate("'Teplo' in window"):
                    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
                for width, height in sizes:
                    variant = f"{width}x{height}-{language}-{theme}"
                    page.set_viewport_size({"width": width, "height": height})
                    page.evaluate(_STILL)
                    kept.append(self._folder / f"{name}-{variant}.png")
                    page.screenshot(path=kept[-1])
                    self.pictures += 1
                    if theme == "light":
                        for kind, what in page.evaluate(f"({_FAULTS})({json.dumps(language)})"):
                            self.note(name, kind, what, variant)
                if axe and language == "ru" and _AXE.is_file():
                    for what in _violations(page):
                        if not what.startswith(_BY_SEARCH):
                            self.note(name, "axe", what, theme)
        page.evaluate(_SPEAK, "ru")
        page.emulate_media(color_scheme="light")
        if page.evaluate("'Teplo' in window"):
            page.evaluate("() => { document.documentElement.dataset.theme = 'light' }")
        page.set_viewport_size(before)
        page.evaluate(_STILL)
        if focus:
            self._walk(page, name)
        self._sheet(name, kept, len(sizes))

    def _walk(self, page: Page, name: str) -> None:
        """Go through the page by Tab; what has the focus and looks as before is a fault."""
        page.evaluate(_LOOKS)
        for _ in range(_MOST):
            page.keyboard.press("Tab")
            unseen = page.evaluate("focusUnseen()")
            if unseen is None:
                break
            if unseen:
                self.note(name, "focus unseen", unseen, "")
        page.evaluate("document.activeElement.blur()")

    def note(self, name: str, kind: str, what: str, variant: str) -> None:
        """Remember a fault, or that it is there in one more variant."""
        self._faults[name, kind, what].append(variant)

    def save(self) -> None:
        """Write the faults down beside the pictures."""
        rows = [[*key, variants] for key, variants in self._faults.items()]
        file = self._folder / "faults.json"
        file.write_text(json.dumps({"pictures": self.pictures, "faults": rows}, ensure_ascii=False), "utf-8")

    def _sheet(self, name: str, kept: list[Path], sizes: int) -> None:
        """All variants on one sheet: a row for each size, a column for each language and theme."""
        thumbs = []
        for path in kept:
            with Image.open(path) as picture:
                width = min(THUMB, picture.width)
                thumbs.append(picture.convert("RGB").resize((width, picture.height * width // picture.width)))
        heights = [max(thumb.height for thumb in thumbs[row::sizes]) for row in range(sizes)]
        wide = max(thumb.width for thumb in thumbs)
        sheet = Image.new("RGB", ((wide + 8) * (len(kept) // sizes), sum(heights) + 8 * sizes), "gray")
        for number, thumb in enumerate(thumbs):
            column, row = divmod(number, sizes)
            sheet.paste(thumb, (column * (wide + 8), sum(heights[:row]) + 8 * row))
        sheet.save(self._folder / f"sheet-{name}.png")
