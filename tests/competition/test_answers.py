"""Extra questions and their answers: versions, drafts, handing in, requests, what goes again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition import (
    answering,
    answers,
    changes,
    eligibility,
    form_adopting,
    forms,
    ledger,
    lists,
    papers,
)
from competition.answering import Unfit
from competition.database import db, writing
from competition.models import (
    AnswerDraft,
    Answers,
    ChangeKind,
    Entry,
    EntryState,
    Grant,
    LedgerRow,
    Role,
    Stage,
)
from competition.moment import now
from competition.people import add_account, hashed
from competition.rules.refusal import Refusal
from tests import papers_made
from tests.competition import rostering as r
from tests.competition.rules.test_forms import question, when
from tests.competition.test_entry_form import add, leader, rules, skill, somebody

PASSPORT = "E12345678"
ASKED = (
    question("abroad", "yes_no", roles=["entry"]),
    question("size", "one_of", roles=["competitor", "reserve"]),
    question("passport", personal=True, when=when("abroad", "yes")),
    question("photo", "file", needed=False),
    question("tools", "long", roles=["coach"], needed=False),
)


@pytest.fixture
def entry(context: Flask) -> int:
    """An entry of a skill that asks; its person would be eligible."""
    r.founded()
    with writing() as session:
        grant = Grant(role=Role.TEAM_LEADER, delegation_id=r.delegation_id())
        add_account(
            session, username="leader", label="领队", password_hash=hashed("long enough 123"),
            grants=[grant],
        )  # fmt: skip
    rules(coach_required=False, born_before=None, youngest=None, oldest=None, local_years=0)
    adopt(*ASKED)
    made: int = add(somebody(), entry={"coach": "王师傅"}).entry_id
    return made


def adopt(*questions: dict[str, Any], reason: str = "改") -> int:
    body = {"fields": list(questions)}
    return form_adopting.adopt(skill(), body, reason=reason, actor_id=leader())


def one(entry: int) -> Entry:
    db.session.rollback()
    return db.session.get_one(Entry, entry, populate_existing=True)


def person(entry: int) -> str:
    return f"p{one(entry).members[0].person_id}"


def send(entry: int, reason: str = "", **said: str) -> answering.Sent:
    """`abroad` is asked of the entry, `tools` of the coach, all else of the person."""
    of = {"abroad": "entry", "tools": answers.of_coach("王师傅")}
    typed = {f"{of.get(key, person(entry))}.{key}": [text] for key, text in said.items()}
    return answering.send(entry, typed, reason=reason, actor_id=leader())


def said(entry: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for stand in answers.of_entry(db.session(), one(entry)):
        found |= stand.said
    return found


def close() -> None:
    with writing() as session:
        session.execute(update(Stage).values(entries_until=now() - timedelta(days=1)))


def test_versions_need_a_reason_and_say_what_differs(entry: int) -> None:
    assert adopt(*ASKED, reason="") == 1  # the very same
    with pytest.raises(Refusal, match="Say why"):
        adopt(*ASKED[:2], reason=" ")
    assert adopt(*ASKED[:2]) == 2
    newest, first = forms.versions(db.session(), skill())
    assert (newest.number, newest.reason, newest.by) == (2, "改", "领队")
    assert [lines[0][1] for lines in newest.changed] == [
        "Question removed: Ask passport",
        "Question removed: Ask photo",
        "Question removed: Ask tools",
    ]
    assert len(first.changed) == 5
    with pytest.raises(Refusal, match="whole"):
        adopt(question(when="x"))
    assert len(forms.current(db.session(), skill()).fields) == 2
    assert ledger.walk(db.session(), None).ok


def test_what_is_missing_is_named_and_keeps_an_entry_from_being_eligible(entry: int) -> None:
    assert (one(entry).answers_missing, one(entry).state) == (2, "not_eligible")
    (judged,) = eligibility.judged(db.session(), skill())
    (broken,) = judged.broken
    assert broken.zh == "补充信息还缺：问abroad；张三：问size"
    wish = lists.wish({"missing": "answers"})
    assert lists.entries(db.session(), wish, None, number=1, size=9).total == 1
    sent = send(entry, abroad="no", size="m")
    assert (sent.written, sent.request_id, sent.missing) == (2, None, 0)
    assert one(entry).state == "eligible"
    assert lists.entries(db.session(), wish, None, number=1, size=9).total == 0
    assert send(entry, abroad="no", size="m").written == 0  # once more changes nothing


def test_a_question_that_comes_later_takes_eligibility_but_no_approval(entry: int) -> None:
    send(entry, abroad="no", size="m")
    adopt(*ASKED, question("later"))
    assert (one(entry).answers_missing, one(entry).state) == (1, "not_eligible")
    send(entry, later="x")
    eligibility.approve([entry], actor_id=leader())
    adopt(*ASKED, question("later"), question("last"))
    assert (one(entry).answers_missing, one(entry).state) == (1, "approved")
    close()
    assert send(entry, last="y").written == 1  # filling in is no change
    assert (one(entry).answers_missing, one(entry).state) == (0, "approved")


def test_personal_answers_are_sealed_masked_and_looked_at_with_a_note(entry: int) -> None:
    send(entry, abroad="yes", size="m", passport=PASSPORT)
    row = db.session.scalars(select(Answers).where(Answers.person_id.is_not(None))).one()
    assert row.said == {"size": "m"} and row.sealed and PASSPORT.encode() not in row.sealed
    stand = next(x for x in answers.of_entry(db.session(), one(entry)) if x.subject.person_id)
    passport = next(x for x in stand.asked if x.key == "passport")
    assert stand.shown(passport)[0] == "E1*****78"
    assert stand.shown(passport, opened=True)[0] == PASSPORT
    with pytest.raises(Refusal, match="Say why"):
        answering.show(entry, reason=" ", actor_id=leader())
    answering.show(entry, reason="签证", actor_id=leader())
    acts = db.session.scalars(select(LedgerRow)).all()
    assert acts[-1].act == "answers.show"
    assert not any(PASSPORT in json.dumps(act.body) for act in acts)


def test_what_no_longer_shows_is_not_kept(entry: int) -> None:
    send(entry, abroad="yes", size="m", passport=PASSPORT)
    assert said(entry)["passport"] == PASSPORT
    send(entry, abroad="no")
    assert said(entry) == {"abroad": "no", "size": "m"}
    row = db.session.scalars(select(Answers).where(Answers.person_id.is_not(None))).one()
    assert row.sealed is None


def test_a_wrong_answer_is_named_and_nothing_is_written(entry: int) -> None:
    for size in ("x", "\0", "m" * 9000):
        with pytest.raises(Unfit) as unfit:
            send(entry, abroad="no", size=size)
        assert list(unfit.value.wrong) == [f"{person(entry)}.size"]
    assert said(entry) == {}
    # of a question that does not show nobody is told anything
    assert send(entry, abroad="no", passport="\0").written == 1


def test_a_draft_is_kept_field_by_field_and_counts_for_nothing(entry: int) -> None:
    size, nobody = f"{person(entry)}.size", "p999.size"
    answering.keep_draft(entry, {size: ["m"], nobody: ["m"]}, actor_id=leader())
    at = answering.keep_draft(entry, {"entry.abroad": ["mayb"]}, actor_id=leader())
    kept, row = answering.draft(db.session(), entry, leader())
    assert kept == {size: ["m"], "entry.abroad": ["mayb"]} and row is not None and row.at == at
    assert said(entry) == {}
    with pytest.raises(Refusal, match="not saved"):
        answering.keep_draft(entry, {size: ["x" * 5000]}, actor_id=leader())
    shown = answering.preview(
        forms.current(db.session(), skill()),
        answers.of_entry(db.session(), one(entry)),
        {"entry.abroad": ["yes"]},
    )
    assert "passport" in [x.key for x in shown[1].asked]
    send(entry, abroad="no", size="m")
    assert r.many(AnswerDraft) == 0
    for text, drafts in (("yes", 1), ("no", 0), ("", 1)):  # the same as what stands is no draft
        answering.keep_draft(entry, {"entry.abroad": [text]}, actor_id=leader())
        assert r.many(AnswerDraft) == drafts


def test_after_the_deadline_an_answer_changes_by_a_request(entry: int) -> None:
    send(entry, abroad="yes", size="m", passport=PASSPORT)
    eligibility.approve([entry], actor_id=leader())
    close()
    with pytest.raises(Refusal, match="needs a reason"):
        send(entry, size="l")
    sent = send(entry, reason="长高了", size="l", passport="G87654321", tools="扳手")
    assert (sent.written, said(entry)["size"], said(entry)["tools"]) == (1, "m", "扳手")
    assert (
        send(entry, reason="长高了", size="l", passport="G87654321").request_id == sent.request_id
    )
    (request,) = changes.these(db.session(), [sent.request_id])
    assert [(x["en"], x["before_en"], x["after_en"]) for x in request.wanted["lines"]] == [
        ("Ask size", "Medium", "Large"),
        ("Ask passport", "E1*****78", "G8*****21"),
    ]
    changes.decide(request.row.id, True, answer="", actor_id=office())
    assert (said(entry)["size"], said(entry)["passport"]) == ("l", "G87654321")
    assert one(entry).state == EntryState.APPROVED
    assert ledger.walk(db.session(), None).ok


def test_a_request_for_a_question_that_went_cannot_be_approved(entry: int) -> None:
    send(entry, abroad="no", size="m")
    close()
    sent = send(entry, reason="x", size="l")
    adopt(ASKED[0])
    clerk = office()
    with pytest.raises(Refusal, match="questions have changed"):
        changes.decide(sent.request_id or 0, True, answer="", actor_id=clerk)
    changes.decide(sent.request_id or 0, False, answer="问题已删", actor_id=clerk)


def office() -> int:
    with writing() as session:
        account = add_account(
            session, username="clerk", label="秘书", password_hash=hashed("long enough 123"),
            grants=[Grant(role=Role.ORGANISER)],
        )  # fmt: skip
        return account.id


def bring(entry: int, data: bytes = papers_made.PDF) -> int:
    return papers.add(
        entry, "other", "a.pdf", data, actor_id=leader(), answers_to=f"{person(entry)}.photo"
    )


def test_a_paper_answers_a_question(entry: int) -> None:
    adopt(question("photo", "file"))
    assert one(entry).answers_missing == 1
    paper = bring(entry)
    assert bring(entry) == paper
    assert (one(entry).answers_missing, one(entry).state) == (0, "eligible")
    papers.remove(paper, why="", is_office=False, actor_id=leader())
    assert (one(entry).answers_missing, one(entry).state) == (1, "not_eligible")
    paper = bring(entry)
    close()
    with pytest.raises(Refusal, match="only be replaced"):
        papers.remove(paper, why="", is_office=False, actor_id=leader())
    other = papers.add(entry, "other", "b.png", papers_made.png(), actor_id=leader())
    where = f"{person(entry)}.photo"
    answering.ask_paper(entry, where, other, reason="更清楚", actor_id=leader())
    (request,) = changes.waiting_of(db.session(), entry, ChangeKind.ANSWERS)
    changes.decide(request.id, True, answer="", actor_id=office())
    (stand,) = answers.of_entry(db.session(), one(entry))
    assert [x.id for x in stand.files["photo"]] == [other]


def test_a_reserve_who_steps_in_brings_the_answers(entry: int) -> None:
    reserve: int = add(somebody("李四", 2), entry={"reserve": "是"}).entry_id
    send(reserve, abroad="no", size="l")
    send(entry, abroad="no", size="m")
    leaves = one(entry).members[0].person_id
    changes.ask(
        entry,
        ChangeKind.SUBSTITUTE,
        {"out": leaves, "reserve": reserve},
        reason="",
        actor_id=leader(),
    )
    assert said(entry) == {"abroad": "no", "size": "l"}
    assert one(entry).answers_missing == 0


def test_a_roster_counts_what_its_entries_miss(entry: int, context: Flask) -> None:
    r.imported([r.person("李四", 5), r.person("王五", 6, skill="W10")])
    db.session.rollback()
    by_skill = {x.skill.code: x.answers_missing for x in db.session.scalars(select(Entry))}
    assert by_skill == {"W17": 2, "W10": 0}


def test_a_skill_that_has_begun_takes_no_answers(entry: int) -> None:
    r.start("W17")
    tries: list[Callable[[], object]] = [
        lambda: send(entry, size="m"),
        lambda: answering.keep_draft(entry, {}, actor_id=leader()),
    ]
    for try_ in tries:
        with pytest.raises(Refusal, match="Work has begun"):
            try_()
