"""The house rules, held by ast: who imports whom, pure rules, sizes, what is documented."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from competition.settings import SETTINGS

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("competition", "judging", "sandbox")
PYTHON = sorted(
    [HOUSE / "app.py"] + [path for room in ROOMS for path in (HOUSE / room).rglob("*.py")]
)
PYTHON = [path for path in PYTHON if "node_modules" not in path.parts]
LONGEST = 400
WORDS_FOR_NOTHING = {"utils", "helpers", "services", "managers", "common", "base"}


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, `from a import b` as both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tops(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imported(path)}


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    room, modules, top = name(path).split("/")[0], imported(path), tops(path)
    assert "app" not in top or room == "app.py"
    if room == "sandbox":
        assert not top & {"competition", "judging", "flask", "sqlalchemy", "flask_sqlalchemy"}
    if room == "competition":
        assert not top & {"judging", "sandbox"}
    if "docker" in top:
        assert name(path).startswith("sandbox/docker_")
    if "flask_socketio" in top:
        assert name(path) == "judging/live.py"
    edge = "/views/" in name(path) or name(path) in ("competition/access.py", "judging/live.py")
    if not edge:
        assert not modules & {"flask.request", "flask.session", "flask.render_template"}


@pytest.mark.parametrize("path", [p for p in PYTHON if "rules" in p.parts], ids=name)
def test_rules_are_pure(path: Path) -> None:
    allowed = ("competition.rules", "judging.rules")
    outside = {
        "os",
        "pathlib",
        "socket",
        "time",
        "io",
        "subprocess",
        "random",
        "secrets",
        "logging",
    }
    for module in imported(path):
        top = module.split(".")[0]
        if top in (*ROOMS, "app"):
            assert module.startswith(allowed), f"{name(path)} imports {module}"
        else:
            assert top not in outside, f"{name(path)} imports {module}"
            assert top in STANDARD, f"{name(path)} imports {module}"
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today"), f"{name(path)} reads a clock"
        if isinstance(node, ast.Name):
            assert node.id not in ("open", "print", "input"), f"{name(path)} touches the world"


STANDARD = {
    *("re", "enum", "math", "json", "hashlib", "dataclasses", "datetime", "decimal", "fractions"),
    *(
        "collections",
        "typing",
        "itertools",
        "functools",
        "operator",
        "unicodedata",
        "bisect",
        "heapq",
        "difflib",
    ),
    *("string", "struct", "statistics", "abc", "__future__"),
}


@pytest.mark.parametrize("path", [p for p in PYTHON if "models" in p.parts], ids=name)
def test_models_know_no_verbs(path: Path) -> None:
    for module in imported(path):
        if module.split(".")[0] in ROOMS:
            assert ".models" in module or ".database" in module or ".rules" in module


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_only_edges_import_views(path: Path) -> None:
    if "views" in path.parts or name(path) == "app.py":
        return
    assert not {module for module in imported(path) if ".views" in module}


def sources() -> list[Path]:
    patterns = ("*.py", "*.ts", "*.js", "*.mjs", "*.css", "*.html", "*.sh")
    folders = (*ROOMS, "templates", "frontend", "tests", "bench", "setup", "tasks", "static")
    skipped = {"node_modules", "dist", "submissions", "__pycache__"}
    found = [path for folder in folders for pat in patterns for path in (HOUSE / folder).rglob(pat)]
    return sorted(p for p in [*found, HOUSE / "app.py"] if not skipped & set(p.parts))


@pytest.mark.parametrize("path", sources(), ids=name)
def test_files_stay_small_and_say_their_subject(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST
    assert path.stem not in WORDS_FOR_NOTHING or path.suffix == ".html"
    if path.suffix == ".py" and text.strip():
        assert ast.get_docstring(ast.parse(text)), "its first line says its subject"


def test_no_float_touches_a_mark() -> None:
    """Rules and verbs of marks never call float() nor divide with /."""
    for path in PYTHON:
        if not name(path).startswith("judging/") or "workbook" in path.name:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            assert not (called and node.func.id == "float"), name(path)
            if "rules" in path.parts and isinstance(node, ast.BinOp):
                assert not isinstance(node.op, ast.Div), f"{name(path)}:{node.lineno}"


def test_every_setting_is_in_the_readme() -> None:
    readme = (HOUSE / "README.md").read_text("utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in readme, setting.name
    for found in set(re.findall(r"`(PODIUM_[A-Z_]+)`", readme)):
        known = {setting.name for setting in SETTINGS} | {"PODIUM_SETTINGS"}
        assert found in known or found.startswith("PODIUM_TEST_"), found


def test_every_command_is_in_the_readme() -> None:
    import click

    from app import main

    readme = (HOUSE / "README.md").read_text("utf-8")

    def commands(group: click.Group, prefix: str) -> list[str]:
        found = []
        for label, command in group.commands.items():
            if isinstance(command, click.Group) and label != "db":
                found += commands(command, f"{prefix} {label}")
            elif label != "db":
                found.append(f"{prefix} {label}")
        return found

    for command in commands(main, "podium"):
        assert f"`{command}" in readme, command


def _each(text: str | list[str] | tuple[str, ...]) -> Sequence[str]:
    """The forms of a message of a catalogue; only one that counts something has several."""
    return (text,) if isinstance(text, str) else text


def test_both_catalogues_are_complete() -> None:
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    used: set[str] = set()
    for folder in ("templates", "competition", "judging"):
        method = [("**.html", "jinja2"), ("**.py", "python")]
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(HOUSE / folder),
            method,
            keywords={"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)},
        ):
            used |= set(message) if isinstance(message, tuple) else {message}
    for language in ("zh", "en"):
        path = HOUSE / "translations" / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        told = {one for m in catalogue if all(_each(m.string)) for one in _each(m.id)}
        missing = sorted(used - told - {""})
        assert not missing, f"{language}: {missing[:20]}"
