"""Personal answers to extra questions: in one's own pack, gone when erased or kept long enough."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition import answering, answers, erasing, pack, retention
from competition.database import db, writing
from competition.models import AnswerDraft, Answers, ChangeRequest, Competition, Member
from competition.moment import now
from tests.competition.rules.test_forms import question
from tests.competition.test_answers import (
    ASKED,
    PASSPORT,
    adopt,
    close,
    entry,
    leader,
    office,
    person,
    send,
)

__all__ = ["entry"]


@pytest.fixture
def answered(context: Flask, entry: int) -> int:
    """An entry with answers of every kind, a draft and a request that waits."""
    home = question("home", roles=["entry"], personal=True, needed=False)
    adopt(*ASKED, home)
    typed = {"entry.home": ["龙江街 1 号"]}
    send(entry, abroad="yes", size="m", passport=PASSPORT, tools="扳手")
    answering.send(entry, typed, reason="", actor_id=leader())
    close()
    send(entry, reason="换护照", passport="G87654321")
    answering.keep_draft(entry, {f"{person(entry)}.passport": ["X1"]}, actor_id=leader())
    return entry


def member(entry_id: int) -> int:
    return db.session.scalars(select(Member.person_id).where(Member.entry_id == entry_id)).one()


def sealed() -> int:
    db.session.rollback()
    rows = select(func.count(Answers.id)).where(Answers.sealed.is_not(None))
    return db.session.scalar(rows) or 0


def test_ones_own_answers_are_in_the_pack(answered: int) -> None:
    made = zipfile.ZipFile(io.BytesIO(pack.of_person(member(answered), actor_id=None).read()))
    told = json.loads(made.read("data.json"))["answers"]
    assert [(one["question_en"], one["answer_en"]) for one in told] == [
        ("Ask abroad", "yes"),
        ("Ask home", "龙江街 1 号"),
        ("Ask size", "Medium"),
        ("Ask passport", PASSPORT),
    ]  # not the coach's
    assert PASSPORT in made.read("index.zh.html").decode()


def test_whoever_is_erased_leaves_no_answer(answered: int) -> None:
    assert sealed() == 2
    asked = erasing.ask(member(answered), reason="本人要求", actor_id=leader())
    erasing.answer(asked, True, answer="", actor_id=office())
    assert sealed() == 0
    subjects = set(db.session.scalars(select(Answers.subject)))
    assert subjects == {"entry", answers.of_coach("王师傅")}
    assert db.session.scalars(select(AnswerDraft)).all() == []
    request = db.session.scalars(select(ChangeRequest)).one()
    assert request.reason == erasing.GONE


def test_what_was_kept_long_enough_goes(answered: int) -> None:
    with writing() as session:
        session.scalars(select(Competition)).one().ends_on = now().date() - timedelta(days=400)
    assert retention.read(db.session()).kept.answers == 3  # with the draft
    assert retention.sweep(actor_id=None).answers == 3
    assert sealed() == 0 and retention.read(db.session()).kept.answers == 0
    open_ = set(db.session.scalars(select(Answers.said["size"].as_string())))
    assert "m" in open_, "what is not personal stays"
