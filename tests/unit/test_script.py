"""The script that sets everything up: what it takes for done, what it does again, what it says."""

import ast
import fcntl
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "teplo"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The script as a module that lives in a folder of its own."""
    loader = importlib.machinery.SourceFileLoader("teplo_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("teplo_script", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    for name in ("ROOT", "VENV", "STAMPS", "NODE", "LOG", "FIRST_LOG", "PYTHON"):
        path: Path = getattr(module, name)
        monkeypatch.setattr(module, name, tmp_path / path.relative_to(REPOSITORY))
    for name in ("requirements/base.lock", "requirements/dev.lock", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    yield module


def test_an_old_python_can_read_it_far_enough_to_say_so() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_a_fresh_clone_misses_everything_in_order(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "web" / "widget").mkdir(parents=True)
    for folder in ("web", "web/widget"):
        (tmp_path / folder / "package-lock.json").write_text("{}")
    titles = [title for title, _ in script.missing(dev=False, web=True, modules=False)]
    assert titles == [
        "Virtual environment",
        "Python packages and node (base.lock)",
        "Teplo itself",
        "Web pages: desk and widget",
    ]


def finish(script: ModuleType, *, dev: bool) -> None:
    """Pretend that the Python side was set up."""
    script.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    if not script.PYTHON.exists():
        script.PYTHON.symlink_to(sys.executable)
    script.write_stamp("venv", script.venv_state())
    script.write_stamp("package", script.package_state())
    lock = script.ROOT / "requirements" / ("dev.lock" if dev else "base.lock")
    script.write_stamp(lock.name, script.digest([lock]))
    if dev:
        script.write_stamp("covers", script.digest([lock.with_name("base.lock")]))


def test_what_is_done_is_not_done_again(script: ModuleType) -> None:
    finish(script, dev=False)
    assert script.missing(dev=False, web=False, modules=False) == []
    assert [title for title, _ in script.missing(dev=True, web=False, modules=False)] == [
        "Python packages and node (dev.lock)"
    ]


def test_the_developers_packages_contain_the_others_until_a_lock_changes(script: ModuleType, tmp_path: Path) -> None:
    finish(script, dev=True)
    assert script.missing(dev=False, web=False, modules=False) == []
    (tmp_path / "requirements" / "base.lock").write_text("changed")
    assert len(script.missing(dev=False, web=False, modules=False)) == 1


def test_a_stamp_is_written_last_so_that_an_interrupted_step_is_repeated(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(script, dev=False)
    (script.STAMPS / "base.lock").unlink()

    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(script, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        script.set_up(dev=False, web=False)
    assert [title for title, _ in script.missing(dev=False, web=False, modules=False)] == [
        "Python packages and node (base.lock)"
    ]


def test_pages_are_built_again_when_a_source_changes_and_only_then(script: ModuleType, tmp_path: Path) -> None:
    root = tmp_path / "web"
    for name in ("package-lock.json", "desk/main.ts", "desk/dist/out.js", "kit/api.ts", "node_modules/x/y.js"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    before = script.web_state(root)
    (root / "desk/dist/out.js").write_text("built")
    (root / "node_modules/x/y.js").write_text("fetched")
    assert script.web_state(root) == before
    (root / "kit/api.ts").write_text("changed")
    assert script.web_state(root) != before


def test_a_second_script_waits_for_the_first(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(script, dev=False)
    (script.STAMPS / "package").unlink()
    waiting = threading.Event()
    monkeypatch.setattr(script, "say", lambda text: waiting.set())
    monkeypatch.setattr(script, "install_package", lambda: pytest.fail("the first one did it"))
    folder = os.open(script.ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    second = threading.Thread(target=script.set_up, kwargs={"dev": False, "web": False})
    second.start()
    assert waiting.wait(10)
    finish(script, dev=False)
    os.close(folder)
    second.join(10)
    assert not second.is_alive()


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ConnectionError: Temporary failure in name resolution", "needs the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that the lock file names"),
        ("PermissionError: [Errno 13] Permission denied", "may not be written"),
        ("something else", "Repeating the command is safe"),
    ],
)
def test_a_failure_says_what_to_do(script: ModuleType, tmp_path: Path, output: str, advice: str) -> None:
    with pytest.raises(script.Stop) as stopped:
        script.run([sys.executable, "-c", f"import sys; sys.exit({output!r})"], cwd=tmp_path)
    assert advice in str(stopped.value)
    assert output in str(stopped.value)


def test_without_venv_and_without_root_it_names_the_one_command(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(script.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)
    with pytest.raises(script.Stop, match=r"sudo apt-get install -y python3\.\d+-venv"):
        script.make_venv()


def test_help_sets_nothing_up(tmp_path: Path) -> None:
    copy = tmp_path / "teplo"
    copy.write_text(SCRIPT.read_text())
    done = subprocess.run([sys.executable, copy], capture_output=True, text=True, check=True)
    assert "./teplo demo" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["teplo"]


def test_lock_files_name_no_address() -> None:
    for lock in (REPOSITORY / "requirements").glob("*.lock"):
        assert "://" not in lock.read_text()
    found = 0
    for place, inner, names in os.walk(REPOSITORY / "web"):
        inner[:] = [name for name in inner if name != "node_modules"]  # maybe just being filled
        if "package-lock.json" in names:
            found += 1
            assert '"resolved"' not in (Path(place) / "package-lock.json").read_text()
    assert found == 2
