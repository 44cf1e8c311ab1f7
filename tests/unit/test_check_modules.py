"""The rules of the house that no linter knows, each shown by what it finds."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rules() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_modules", ROOT / "tools" / "check_modules.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_module_of_more_than_500_lines_is_two_things(rules: ModuleType) -> None:
    assert list(rules.too_long(ROOT / "src/x.py", "\n" * 501))
    assert not list(rules.too_long(ROOT / "src/x.py", "\n" * 500))
    assert not list(rules.too_long(ROOT / "docs/x.md", "\n" * 900))


def test_two_words_for_one_idea_are_found(rules: ModuleType) -> None:
    source = "class TicketManager:\n    def open_conversation(self): ...\n"
    found = list(rules.words(ROOT / "src/teplo/domain/utils.py", source))
    assert len(found) == 4
    assert not list(rules.words(ROOT / "src/teplo/domain/floor.py", "def utility(): ...\n"))


def test_addresses_of_one_machine_are_found(rules: ModuleType) -> None:
    assert list(rules.addresses(ROOT / "docs/a.md", "see /wo" + "rk/main"))
    assert not list(rules.addresses(ROOT / "docs/a.md", "homework/main, ../wo" + "rk/card"))


def test_a_promise_without_an_owner_is_found(rules: ModuleType) -> None:
    assert list(rules.marks(ROOT / "src/a.py", "# TO" + "DO later"))
    assert not list(rules.marks(ROOT / "src/a.py", "method"))
