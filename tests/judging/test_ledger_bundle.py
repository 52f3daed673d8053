"""The exported ledger: it verifies itself without us, and every tampering is found."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from app import main
from competition import heads, verify_ledger
from competition.database import db
from competition.rules.refusal import Refusal
from judging import ledger_bundle
from judging.models import Observation
from tests.conftest import opened, settings_for
from tests.judging.proving import marked_day, sentences
from tests.judging.seed import Seeded


@pytest.fixture
def day(context: Flask) -> Seeded:
    return marked_day()


@pytest.fixture
def bundle(day: Seeded, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.zip"
    ledger_bundle.export(db.session(), path)
    db.session.rollback()
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def run(folder: Path, *words: str) -> tuple[int, str]:
    """The bundle's own script, by a Python that sees none of our modules."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", folder / "verify_ledger.py", *words],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_bundle_verifies_itself_without_us(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(bundle) as found:
        found.extractall(folder)
    key = (folder / "public_key.txt").read_text().strip()
    assert key == heads.public_key()
    for words in ((), (str(bundle),), (str(folder), "--key", key)):
        code, said = run(folder, *words)
        assert code == 0, said
        assert "台账完整 The ledger is whole：2 条链 chains" in said
        assert "15 条评分 marks, 1 份每日链首" in said
        assert ("--key KEY" in said) is ("--key" not in words)
    code, said = run(folder, str(bundle), "--key", "00" * 32)
    assert code == 1
    assert "The signature of heads.json does not fit the public key 00000000" in said
    for wrong in (f"{key[:8]}…", key[:63], "g" * 64, ""):
        code, said = run(folder, "--key", wrong)
        assert code == 2 and "64 hexadecimal digits" in said and "NOT whole" not in said
    assert run(folder, "--key")[0] == 2
    grouped = " ".join(key[at : at + 8] for at in range(0, 64, 8))
    assert run(folder, "--key", grouped.upper())[0] == 0, "as the page groups it"
    for asked, ends in (("--help", 0), ("-h", 0), ("--kye", 2)):
        code, said = run(folder, asked)
        assert code == ends and "python3 verify_ledger.py [FILE.zip | FOLDER] [--key KEY]" in said
    (tmp_path / "other.zip").write_bytes(b"PK")
    code, said = run(folder, str(tmp_path / "other.zip"))
    assert code == 1
    assert "Not a whole export" in said
    assert "Traceback" not in said


def test_the_bundle_holds_nobodys_name(bundle: Path) -> None:
    for name, data in unpacked(bundle).items():
        for person in ("欧阳", "司徒", "漠河", "李裁判", "P41"):
            assert person not in data.decode(), name
    with pytest.raises(Refusal, match="is there already"):
        ledger_bundle.export(db.session(), bundle)
    with pytest.raises(Refusal, match="no folder"):
        ledger_bundle.export(db.session(), bundle.parent / "no" / "x.zip")


Lines = list[dict[str, Any]]


def lines(name: str, deed: Callable[[Lines], object]) -> Callable[[dict[str, bytes]], None]:
    def tamper(files: dict[str, bytes]) -> None:
        found = [json.loads(line) for line in files[name].splitlines()]
        deed(found)
        files[name] = b"".join(verify_ledger.canonical(one) + b"\n" for one in found)

    return tamper


def swapped(found: Lines) -> None:
    found[-2], found[-3] = found[-3], found[-2]


def file(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({name: data})


def last_mark(found: Lines) -> dict[str, Any]:
    return next(one for one in found if one["kind"] == "observation" and one["value"] == 150)


BUNDLES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "row changed": (lines("rows.jsonl", lambda all: all[-2].update(actor=99)), "was changed after"),
    "row deleted": (lines("rows.jsonl", lambda all: all.pop(-3)), "is missing"),
    "row inserted": (lines("rows.jsonl", lambda all: all.insert(-2, all[-2])), "is missing, or"),
    "rows reordered": (lines("rows.jsonl", swapped), "is missing, or stands out of order"),
    "tail cut": (lines("rows.jsonl", lambda all: all.pop()), "rows were cut off at the end"),
    "all of a chain": (
        lines("rows.jsonl", lambda all: all.__delitem__(slice(2, None))), "rows were cut off",
    ),
    "a chain more": (
        lines("rows.jsonl", lambda all: all.append({**all[-1], "chain": 5})), "#5: Row 1 is missing"
    ),
    "mark changed": (
        lines("marks.jsonl", lambda all: last_mark(all).update(value=0)),
        "value is 0 now, but row",
    ),
    "mark deleted": (
        lines("marks.jsonl", lambda all: all.remove(last_mark(all))), "not among the marks any more"
    ),
    "mark inserted": (
        lines("marks.jsonl", lambda all: all.append({**last_mark(all), "id": 99})),
        "observation 99 is not in the ledger",
    ),
    "names": (
        lambda files: file("names.json", files["names.json"].replace(b"K-118", b"K-391"))(files),
        "The file names.json was changed",
    ),
    "heads": (
        lambda files: file("heads.json", files["heads.json"].replace(b'"T17"', b'"T18"'))(files),
        "The signature of heads.json does not fit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_that_was_changed(bundle: Path, name: str) -> None:
    tamper, said = BUNDLES[name]
    files = unpacked(bundle)
    tamper(files)
    bundle.unlink()
    with zipfile.ZipFile(bundle, "w") as written:
        for one_name, data in files.items():
            written.writestr(one_name, data)
    report = verify_ledger.verify_bundle(bundle, heads.public_key())
    assert any(said in fault.en for fault in report.faults), sentences(report)


def test_a_bundle_signed_by_somebody_else(bundle: Path, tmp_path: Path) -> None:
    """Who makes a key of their own can sign anything, but not as the key that was published."""
    published = heads.public_key()
    files = unpacked(bundle)
    (tmp_path / "ledger.key").write_text("f" * 43)
    made = heads.signed(json.loads(files["heads.json"])["statement"])
    bundle.unlink()
    with zipfile.ZipFile(bundle, "w") as written:
        for name, data in (files | {"heads.json": heads.plain(made)}).items():
            written.writestr(name, data)
    own = sentences(verify_ledger.verify_bundle(bundle))
    assert "The ledger does not note this public key" in own
    said = sentences(verify_ledger.verify_bundle(bundle, published))
    assert "The signature of heads.json does not fit" in said


# The commands


def test_the_commands(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        marked_day()
    runner = CliRunner(env=settings_for(sqlite_url, tmp_path))
    target = tmp_path / "out.zip"

    def podium(*words: str) -> tuple[int, Any]:
        done = runner.invoke(main, ["ledger", *words, "--json"])
        return done.exit_code, json.loads(done.stdout)

    code, signed = podium("heads")
    assert (code, signed["ok"], Path(signed["file"]).parent) == (0, True, tmp_path / "heads")
    assert podium("heads", "--day", "2999-01-01")[0] == 1
    code, exported = podium("export", str(target))
    assert (code, exported["public_key"]) == (0, signed["public_key"])
    assert podium("export", str(target))[0] == 1
    bare = CliRunner(env={}).invoke(main, ["ledger", "verify", str(target), "--json"])
    report = json.loads(bare.stdout)  # needs neither settings nor database
    assert (bare.exit_code, report["ok"], report["marks"]) == (0, True, 15)
    code, report = podium("verify")
    assert (code, report["days"], report["public_key"]) == (0, 1, signed["public_key"])
    code, said = podium("verify", str(tmp_path / "nothing.zip"))
    assert (code, said["ok"]) == (1, False)
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        db.session.execute(update(Observation).where(Observation.value == 100).values(value=99))
        db.session.commit()
    done = runner.invoke(main, ["ledger", "verify"])
    assert done.exit_code == 1
    assert (
        "T17, work K-118, A1.02: value is 99 now, but row 3 of the ledger says 100" in done.output
    )
