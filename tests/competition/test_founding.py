"""`podium init`: answers are read strictly, and a competition is founded once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select

from app import main
from competition import access, founding, ledger
from competition.database import db
from competition.models import Account, Competition, Delegation, Skill, Zone
from competition.rules.refusal import Refusal
from tests.conftest import settings_for

GIVEN: dict[str, Any] = {
    "name_zh": "黑龙江省第二届职业技能大赛",
    "name_en": "2nd Heilongjiang Skills Competition",
    "starts_on": date(2027, 5, 10),
    "ends_on": "2027-05-13",
    "zones": ["harbin", {"code": "suihua", "name_zh": "绥化赛区", "name_en": "Suihua zone"}],
    "organiser": {"username": " Office ", "password": "long enough 123"},
}


def test_a_competition_with_its_catalogue_and_first_organiser(context: Flask) -> None:
    founding.found(founding.read(GIVEN))
    competition = founding.edition(db.session())
    assert competition is not None
    assert (competition.is_demo, competition.simulating) == (False, False)
    assert competition.ends_on == date(2027, 5, 13)
    assert db.session.scalar(select(func.count()).select_from(Skill)) == 64
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 13
    assert set(db.session.scalars(select(Zone.code))) == {"harbin", "suihua"}
    organiser = db.session.scalar(select(Account))
    assert organiser is not None
    assert organiser.username == "office"
    assert (organiser.password or "").startswith("$argon2id$")
    assert access.may_organise(organiser)
    assert ledger.walk(db.session(), None).ok
    assert set(db.session.scalars(select(Skill.release))) == {"hidden"}


def test_only_one_competition_in_a_database(context: Flask) -> None:
    founding.found(founding.read(GIVEN))
    with pytest.raises(Refusal, match="already holds a competition"):
        founding.found(founding.read({**GIVEN, "name_en": "Another"}))
    assert db.session.scalars(select(Competition.name_en)).all() == [GIVEN["name_en"]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name_zh": ""}, "Missing: name_zh"),
        ({"city": "Harbin"}, "Unknown: city"),
        ({"starts_on": "10.5.2027"}, "A date looks like"),
        ({"ends_on": "2027-05-01"}, "before the first"),
        ({"zones": "harbin"}, "should be a list"),
        ({"zones": ["beijing"]}, "No zone beijing"),
        ({"zones": ["harbin", "harbin"]}, "named twice"),
        ({"organiser": "me"}, "organiser: username"),
        ({"organiser": {"username": "me", "password": 1234567890}}, "should be a text"),
        ({"organiser": {"username": "me", "password": "short"}}, "fewer than 10"),
        ({"organiser": {"username": "王主任", "password": "long enough 123"}}, "sign-in name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    context: Flask, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        founding.found(founding.read({**GIVEN, **change}))
    assert founding.edition(db.session()) is None


# The command


@pytest.fixture
def podium(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=settings_for(sqlite_url, tmp_path))
    return lambda *words, typed="": runner.invoke(main, list(words), input=typed)


def test_answers_from_a_file(podium: Any, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(yaml.safe_dump(GIVEN, allow_unicode=True), "utf-8")
    done = podium("init", "--answers", "answers.yaml")
    assert done.exit_code == 0, done.output
    assert "黑龙江省第二届职业技能大赛" in done.output
    again = podium("init", "--answers", "answers.yaml")
    assert again.exit_code == 1
    assert "already holds a competition" in again.output
    demo = podium("demo")
    assert demo.exit_code == 1
    assert "real competition" in demo.output
    assert "没有演示" not in podium("demo", "--sign-ins", "--json").output


def test_questions_on_the_terminal_are_asked_until_they_can_be_read(podium: Any) -> None:
    typed = [
        "大赛",
        "Skills",
        "tomorrow",  # refused, asked again
        "2027-05-10",
        "2027-05-12",
        "harbin，daqing",
        "boss",
        "short",
        "long enough 123",
        "long enough 123",
    ]
    done = podium("init", typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert "long enough" not in done.output
    assert "Founded: Skills" in done.output


@pytest.mark.parametrize("text", ["- a\n- b\n", "name_zh: [", "\x00"])
def test_a_file_that_holds_no_answers(podium: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.yaml").write_text(text, "utf-8")
    done = podium("init", "--answers", "answers.yaml")
    assert done.exit_code == 1
    assert "no competition was founded" in done.output
    assert "Traceback" not in done.output
