"""`podium scheme import`: one JSON document, whatever it was given, and all or nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from app import main
from tests.conftest import migrate, settings_for

SKY = Path(__file__).parents[2] / "tasks" / "sky-battle" / "scheme.xlsx"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path / 'podium.db'}"
    migrate(url, tmp_path)
    env = settings_for(url, tmp_path)
    assert CliRunner(env=env).invoke(main, ["demo"]).exit_code == 0
    return env


def versions(env: dict[str, str]) -> int:
    engine = create_engine(env["PODIUM_DATABASE_URL"])
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM scheme"))
    engine.dispose()
    return found


def test_import_says_what_it_did_and_refuses_rubbish(env: dict[str, str], tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.xlsx"
    rubbish.write_bytes(b"PK\x03\x04 nothing of the kind")
    before = versions(env)

    def told(skill: str, file: Path) -> tuple[int, dict]:
        done = CliRunner(env=env).invoke(main, ["scheme", "import", skill, str(file), "--json"])
        return done.exit_code, json.loads(done.stdout)

    code, said = told("W17", rubbish)
    assert code == 1 and not said["ok"] and said["errors"][0]["message_en"]
    code, said = told("W17", tmp_path / "missing.xlsx")
    assert code == 1 and not said["ok"]
    code, said = told("W99", SKY)
    assert code == 1 and "W99" in said["error"]["en"]
    assert versions(env) == before

    code, said = told("w10", SKY)
    assert (code, said["ok"], said["skill"], said["total"]) == (0, True, "W10", "100.00")
    assert versions(env) == before + 1


def test_a_skill_is_exported_and_the_file_imports_again(
    env: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "W17.xlsx"
    run = CliRunner(env=env).invoke
    done = run(main, ["scheme", "export", "w17", str(target), "--language", "en", "--json"])
    said = json.loads(done.stdout)
    assert done.exit_code == 0 and said["ok"] and said["total"] == "100.00" and not said["errors"]
    assert run(main, ["scheme", "check", str(target)]).exit_code == 0
    done = run(main, ["scheme", "export", "W99", str(target), "--json"])
    assert done.exit_code == 1 and "W99" in json.loads(done.stdout)["error"]["en"]
    done = run(main, ["scheme", "export", "W17", str(tmp_path / "W17.xls")])
    assert done.exit_code == 1 and "Traceback" not in done.output
