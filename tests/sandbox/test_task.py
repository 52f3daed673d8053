"""Task packages: good ones are read, broken ones are refused in sentences."""

import shutil
from pathlib import Path

import pytest
import yaml

from sandbox.task import BrokenPackage, load

TINY = Path(__file__).parent / "packages" / "tiny"


@pytest.fixture
def package(tmp_path):
    """A copy of the tiny package, and a way to change its description."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)

    class Package:
        path = folder

        def set(self, **changes):
            plain = yaml.safe_load((folder / "task.yaml").read_text("utf-8"))
            for key, value in changes.items():
                plain.pop(key, None)
                if value is not None:
                    plain[key] = value
            (folder / "task.yaml").write_text(yaml.safe_dump(plain), "utf-8")

        def problems(self):
            with pytest.raises(BrokenPackage) as broken:
                load(folder)
            for zh, en in broken.value.problems:
                assert zh and en and zh != en
            return " ".join(en for _, en in broken.value.problems)

    return Package()


def test_a_good_package():
    task = load(TINY)
    assert (task.id, task.name_zh, task.minutes) == ("tiny", "小题", 10)
    assert task.limits.archive_mb == 2
    assert task.limits.wall_seconds == 300
    assert [known.name for known in task.submissions] == ["start", "bad", "good"]
    start, bad, good = (known.expected.marks(task.maxima) for known in task.submissions)
    assert start == {"A1.01": 0, "A1.02": 0}
    assert bad == {"A1.01": 100, "A1.02": 0}
    assert good == {"A1.01": 100, "A1.02": 50}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("index.html", True),
        ("js/game.js", True),
        ("js/deep/er.js", True),
        ("style.css", True),
        ("css/style.css", False),
        ("media/given.txt", False),
        ("index.html.bak", False),
        ("xjs/game.js", False),
    ],
)
def test_what_may_be_handed_in(name, allowed):
    assert load(TINY).may_hand_in(name) is allowed


@pytest.mark.parametrize(
    ("pattern", "name", "allowed"),
    [
        ("**", "a/b.c", True),
        ("**/*.js", "a.js", True),
        ("**/*.js", "x/y/a.js", True),
        ("*.js", "x/a.js", False),
        ("a?.txt", "ab.txt", True),
        ("a?.txt", "a/.txt", False),
        ("[x].js", "x.js", False),
        ("[x].js", "[x].js", True),
    ],
)
def test_patterns(package, pattern, name, allowed):
    package.set(files=[pattern])
    assert load(package.path).may_hand_in(name) is allowed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "something/9"}, "format must be"),
        ({"id": None}, "id must be a text"),
        ({"name": {"zh": "只有中文"}}, "name needs zh and en"),
        ({"minutes": "five"}, "minutes must be a whole number"),
        ({"minutes": True}, "minutes must be a whole number"),
        ({"files": []}, "files must list"),
        ({"files": "index.html"}, "files must list"),
        ({"index": "../index.html"}, "index must be"),
        ({"limits": {"archive_mb": 0}}, "archive_mb must be"),
        ({"limits": {"memory_mb": 64}}, "memory_mb must be"),
        ({"limits": {"wall_seconds": 1.5}}, "wall_seconds must be"),
        ({"limits": {"wal_seconds": 5}}, "Unknown limit wal_seconds"),
        ({"limits": [1]}, "limits must hold"),
        ({"start": "nowhere"}, "nowhere (start) does not exist"),
        ({"start": "/etc"}, "start must be a path inside"),
        ({"start": "../tiny/start"}, "start must be a path inside"),
        ({"checks": "start"}, "holds no *.spec.mjs"),
        ({"statement": {"zh": "statement/zh.md", "en": "statement/no.md"}}, "does not exist"),
        ({"scheme": "scheme.xlsx"}, "scheme.xlsx (scheme) does not exist"),
        ({"checks_open": "perhaps"}, "checks_open must be"),
        ({"maxima": {"A1.01": 1.5}}, "maxima must map"),
        ({"maxima": None}, "maxima must map"),
        ({"start_expected": {"total": 5, "default": "zero"}}, "total says 5"),
        ({"start_expected": {"aspects": {"Q9.99": 1}}}, "Q9.99 is not in maxima"),
        ({"start_expected": {"default": "half"}}, "default full or zero"),
        ({"start_expected": {"aspects": [1]}}, "marks are whole hundredths"),
        ({"start_expected": 7}, "expected is missing"),
    ],
)
def test_what_is_wrong_is_said(package, changes, said):
    package.set(**changes)
    assert said in package.problems()


def test_all_problems_are_said_at_once(package):
    package.set(id=None, minutes=0, files=[])
    said = package.problems()
    assert "id must" in said and "minutes must" in said and "files must" in said


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "a: [1", "\x00", "a: !!python/object:os.system x", "{" * 5000]
)
def test_no_description_makes_a_traceback(package, text):
    (package.path / "task.yaml").write_text(text, "utf-8")
    assert "task.yaml" in package.problems()


def test_a_description_in_another_encoding(package):
    (package.path / "task.yaml").write_bytes("name: 小题".encode("gb18030"))
    assert "not valid YAML" in package.problems()


def test_no_description_at_all(tmp_path):
    with pytest.raises(BrokenPackage) as broken:
        load(tmp_path)
    assert "missing" in str(broken.value)


def test_a_link_out_of_the_package(package):
    shutil.rmtree(package.path / "start")
    (package.path / "start").symlink_to("/etc")
    assert "points outside" in package.problems()


def test_a_submission_without_files_or_expectation(package):
    shutil.rmtree(package.path / "submissions" / "good" / "site")
    (package.path / "submissions" / "bad" / "expected.yaml").unlink()
    said = package.problems()
    assert "submissions/good holds neither" in said
    assert "submissions/bad/expected.yaml is missing" in said


def test_undetermined_is_expected_as_null(package):
    package.set(start_expected={"total": 50, "aspects": {"A1.01": None}})
    task = load(package.path)
    assert task.submissions[0].expected.marks(task.maxima) == {"A1.01": None, "A1.02": 50}
