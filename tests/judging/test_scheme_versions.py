"""A new version of a scheme that is in use: what it asks for, and that no mark is lost or moved."""

import copy
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.database import db, writing
from competition.models import LedgerRow, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import (
    cells,
    kept,
    ledger_proof,
    provenance,
    remarks,
    scheme,
    scheme_rows,
    sheets,
    versions,
)
from judging.models import Observation, Rejudging
from judging.rules.scheme import Scheme
from judging.rules.scheme_mapping import from_mapping
from judging.scheme import Agreed
from tests.judging.desks import finish
from tests.judging.seed import SCHEME, Seeded, judge_by_machine, pair
from tests.judging.test_scheme_difference import aspects

AUTOMATIC = {"A1.01", "A1.02", "A1.03", "A2.02"}
EXTRA = {"type": "M", "zh": "暂停键有效", "en": "Pause works", "max": "0.50", "section": 1}
pytestmark = pytest.mark.usefixtures("inside")


def edited(*edits: Any) -> Scheme:
    data = copy.deepcopy(SCHEME)
    for edit in edits:
        edit(data)
    return from_mapping(data)


def plan(day: Seeded, wanted: Scheme, automatic: set[str] | None = None) -> versions.Plan:
    skill = db.session.get_one(Skill, day.skill)
    found = versions.planned(
        db.session(), skill, wanted, AUTOMATIC if automatic is None else automatic
    )
    assert found is not None
    return found


def adopt(day: Seeded, wanted: Scheme, *keep: str, reason: str = "与试题一致") -> int:
    agreed = Agreed(plan(day, wanted).seen, reason, frozenset(keep))
    return scheme.adopt(
        day.skill, wanted, actor_id=day.judges["chief"], automatic=AUTOMATIC, agreed=agreed
    )


def by_code(day: Seeded) -> dict[tuple[str, str], Any]:
    """(work, aspect's code) → its mark, and whether its sheet is confirmed."""
    found = cells.read(db.session(), day.skill)
    return {
        (found.entries[entry], aspect.code): (
            found.works[entry].marks[aspect.id].value,
            aspect.sub_criterion_id in found.works[entry].confirmed,
        )
        for entry in found.entries
        for aspect in found.aspects
    }


def renew(day: Seeded) -> None:
    """The ids of the version that counts now."""
    row = scheme.current(day.skill)
    assert row is not None
    subs = [sub for criterion in row.criteria for sub in criterion.sub_criteria]
    day.subs = {sub.code: sub.id for sub in subs}
    day.aspects = {one.code: one.id for sub in subs for one in sub.aspects}


def append(data: Any) -> None:
    aspects(data, "A2").append(dict(EXTRA))


def test_before_the_first_mark_a_version_needs_nobody_to_agree(day: Seeded) -> None:
    assert scheme.adopt(day.skill, edited(append), actor_id=None, automatic=AUTOMATIC) == 2
    row = scheme.current(day.skill)
    assert row is not None and row.changes is not None
    assert [one["state"] for one in row.changes["aspects"]] == ["added"]
    assert scheme.adopt(day.skill, edited(append), actor_id=None, automatic=AUTOMATIC) == 2
    moved = replace(edited(append), criteria=tuple(
        replace(one, row=7) for one in edited(append).criteria))  # fmt: skip
    assert scheme.adopt(day.skill, moved, actor_id=None, automatic=AUTOMATIC) == 2


def test_after_the_first_mark_it_needs_a_reason_and_that_one_has_seen_it(day: Seeded) -> None:
    day.give(day.post("K-118", "A2.01", 100))
    wanted = edited(append)
    seen = plan(day, wanted).seen
    for agreed, words in (
        (None, "已锁定"),
        (Agreed("1-another", "因为"), "又有改动"),
        (Agreed(seen, "  "), "没有写明理由"),
    ):
        with pytest.raises(Refusal) as refused:
            scheme.adopt(
                day.skill, wanted, actor_id=None, automatic=AUTOMATIC, agreed=agreed
            )  # fmt: skip
        assert words in refused.value.zh
    assert adopt(day, wanted) == 2
    assert adopt(day, wanted) == 2  # once more is harmless


def test_what_stays_the_same_keeps_marks_and_confirmations(day: Seeded) -> None:
    finish(day, "K-118")
    before = by_code(day)
    total = sum(value or 0 for (work, _), (value, _c) in before.items() if work == "K-118")
    adopt(day, edited(append))
    after = by_code(day)
    assert {key: after[key][0] for key in before} == {key: one[0] for key, one in before.items()}
    assert after["K-118", "A1.01"][1]  # the very same sheet stays confirmed
    assert not after["K-118", "A2.01"][1]  # this one has an aspect more
    assert after["K-118", "A2.03"] == (None, False)
    row = scheme.current(day.skill)
    assert row is not None and row.changes is not None
    assert row.changes["unconfirmed"] == [{"sheet": "A2", "works": 1}]
    assert row.changes["kept"] == 12 and row.changes["lost"] == 0
    renew(day)
    last = day.give(day.post("K-118", "A2.03", 50))[0].id
    assert day.give(day.confirm("K-118", "A2", last or 0), judge="wang")[0].state == "taken"
    again = sum(value or 0 for (work, _), (value, _c) in by_code(day).items() if work == "K-118")
    assert again == total + 50


def test_notes_stay_at_the_aspect_that_stays_the_same(day: Seeded) -> None:
    pair(day)
    given = remarks.Given("note-0001", "K-118", day.judges["li"], day.aspects["A1.01"], "看这里")
    remarks.add(day.skill, given, None, judge_id=day.judges["li"], device_id=day.devices["li"])
    day.give(day.post("K-118", "A2.01", 100))
    adopt(day, edited(append))
    renew(day)
    skill = db.session.get_one(Skill, day.skill)
    found = kept.whole(db.session(), day.skill)
    entry = next(one for one, code in found.entries.items() if code == "K-118")
    for reader in ("li", "wang"):
        left = remarks.of_work(db.session(), found, entry, day.judges[reader])
        assert [one["words"] for one in left[day.aspects["A1.01"]]] == ["看这里"]
    told = sheets.work(db.session(), skill, "K-118", day.judges["wang"])
    assert told["cells"][str(day.aspects["A1.01"])]["remarks"]


def test_a_changed_aspect_is_marked_again_and_its_old_marks_stay_in_the_record(
    day: Seeded,
) -> None:
    finish(day, "K-118")

    def edit(data: Any) -> None:
        aspects(data, "A1")[0]["max"] = "2.00"
        aspects(data, "A1")[1]["zh"] = "按空格键发射子弹"
        aspects(data, "B1").pop(0)

    wanted = edited(edit)
    told = {one["before"]: one for one in plan(day, wanted).document("", ())["aspects"]}
    assert (told["A1.01"]["fate"], told["A1.01"]["marks"], told["A1.01"]["works"]) == (
        "again",
        1,
        1,
    )
    assert told["A1.02"]["fate"] == "again"
    assert (told["B1.01"]["fate"], told["B1.01"]["marks"]) == ("gone", 3)
    rows = db.session.scalar(select(func.count()).select_from(Observation))
    adopt(day, wanted, "A1.02", "A1.01")  # a new maximum cannot be waved through
    after = by_code(day)
    assert after["K-118", "A1.01"][0] is None
    assert after["K-118", "A1.02"][0] == 100
    assert after["K-118", "B1.01"][0] == 133  # once B1.02: it follows its aspect
    assert db.session.scalar(select(func.count()).select_from(Observation)) == rows
    skill = db.session.get_one(Skill, day.skill)
    row = scheme.current(day.skill)
    assert row is not None
    page = provenance.read(db.session(), skill, row, day.entries["K-118"])
    assert len(page["loose"]) == 1 + 3 and not page["faults"]
    report = ledger_proof.verify(db.session())
    assert report.faults == []


def test_a_tablet_that_has_not_heard_yet_is_understood(day: Seeded) -> None:
    day.mark_all("K-118")

    def edit(data: Any) -> None:
        aspects(data, "A2").insert(0, dict(EXTRA))
        aspects(data, "A1")[3]["max"] = "2.00"

    # A2.02 is automatic and must keep its number, so it is not automatic here
    wanted = edited(edit)
    automatic = AUTOMATIC - {"A2.02"}
    agreed = Agreed(plan(day, wanted, automatic).seen, "加一项")
    scheme.adopt(day.skill, wanted, actor_id=None, automatic=automatic, agreed=agreed)
    old = day.post("K-246", "A2.01", 100)  # ids of the first version
    changed = day.post("K-246", "A1.04", 100)
    taken, refused = day.give(old, changed)
    assert taken.state == "taken" and refused.state == "set_aside"
    assert refused.sentence and "现行评分表" in refused.sentence["zh"]
    assert by_code(day)["K-246", "A2.02"][0] == 100
    row = db.session.get_one(Observation, taken.id)
    assert row.aspect_id != old.aspect
    again = day.give(old)[0]
    assert again.id == taken.id


def test_three_versions_in_a_row_keep_one_mark(day: Seeded) -> None:
    first = day.give(day.post("K-118", "A2.01", 100))[0]
    adopt(day, edited(append))
    adopt(day, edited(append, lambda d: aspects(d, "A1").append({**EXTRA, "zh": "第三项"})))
    assert by_code(day)["K-118", "A2.01"][0] == 100
    renew(day)
    day.give(day.post("K-118", "A2.01", 0, base=first.id))
    assert by_code(day)["K-118", "A2.01"][0] == 0
    found = kept.whole(db.session(), day.skill)
    assert found.works == cells.read(db.session(), day.skill).works


def test_proposals_and_their_taking_back_follow_the_aspect(day: Seeded) -> None:
    judge_by_machine(day, "K-118")
    adopt(day, edited(append))
    judge_by_machine(day, "K-118", {"A1.01": 150})
    found = cells.read(db.session(), day.skill)
    proposed = {
        aspect.code: mark.measured.proposal.value
        for work in found.works.values()
        for number, mark in work.marks.items()
        for aspect in found.aspects
        if aspect.id == number and mark.measured and mark.measured.proposal
    }
    assert proposed == {"A1.01": 150}
    skill = db.session.get_one(Skill, day.skill)
    assert sheets.work(db.session(), skill, "K-118", day.judges["li"])["cells"]


def test_a_check_never_proposes_for_another_aspect(day: Seeded) -> None:
    judge_by_machine(day, "K-118")
    wanted = edited(lambda d: aspects(d, "A1").insert(0, dict(EXTRA)))
    assert plan(day, wanted).renamed[0] == ("A1.01", "A1.02")
    with pytest.raises(Refusal, match="by number"):
        adopt(day, wanted)
    assert scheme.current(day.skill).version == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("trouble", ["locked", "rejudging"])
def test_a_closed_skill_and_an_open_rejudging_wait(day: Seeded, trouble: str) -> None:
    day.give(day.post("K-118", "A2.01", 100))
    with writing() as session:
        if trouble == "locked":
            session.get_one(Skill, day.skill).locked_at = now()
        else:
            session.add(
                Rejudging(
                    key="k", skill_id=day.skill, wanted={}, reason="r", asked_at=now(),
                    asked_by=day.judges["chief"],
                )
            )  # fmt: skip
    with pytest.raises(Refusal):
        adopt(day, edited(append))


def test_the_ledger_notes_the_version_with_its_share(day: Seeded, sqlite_app: Flask) -> None:
    day.give(day.post("K-118", "A2.01", 100))
    adopt(day, edited(append), reason="加暂停键")
    row = db.session.scalars(
        select(LedgerRow).where(LedgerRow.act == "scheme.adopt").order_by(LedgerRow.id.desc())
    ).first()
    assert row is not None
    assert (row.body["version"], row.body["base"], row.body["reason"]) == (2, 1, "加暂停键")
    assert row.body["share"] == 455 and row.body["kept"] == 1


@pytest.mark.parametrize("seed", range(4))
def test_marks_stay_with_their_aspect_through_versions_at_random(day: Seeded, seed: int) -> None:
    """Each aspect has words of its own here, so that where a mark belongs can be told without the
    rules under test: with the same words and maximum, in every version since it was given."""
    dice = Random(seed)
    data = copy.deepcopy(SCHEME)
    numbers = iter(range(1000))
    given: dict[tuple[str, str], int] = {}  # (work, words) → the mark that must stand

    def measured() -> dict[str, Any]:
        return {**EXTRA, "zh": f"第 {next(numbers)} 点", "en": "", "max": "1.00"}

    for sub in ("A1", "A2"):
        aspects(data, sub)[:] = [measured() for _ in range(4)]
    scheme.adopt(day.skill, from_mapping(data), actor_id=None)
    for _ in range(5):
        renew(day)
        names = {one.name_zh: one for one in scheme_rows.aspects_of(current(day))}
        for work in ("K-118", "K-246"):
            for words, row in names.items():
                if row.kind == "M" and dice.random() < 0.5:
                    value = dice.choice([0, row.max])
                    marks = cells.read(db.session(), day.skill).works[day.entries[work]].marks
                    base = marks[row.id].measured.head  # type: ignore[union-attr]
                    day.give(day.post(work, row.code, value, base=base.id if base else None))
                    given[work, words] = value
        for _edit in range(dice.randint(1, 4)):
            own = aspects(data, dice.choice(["A1", "A2"]))
            at = dice.randrange(len(own))
            act = dice.choice(["drop", "insert", "swap", "max"])
            if act == "drop" and len(own) > 1:
                gone = own.pop(at)["zh"]
                given = {key: mark for key, mark in given.items() if key[1] != gone}
            elif act == "insert":
                own.insert(at, measured())
            elif act == "swap":
                own.append(own.pop(at))
            elif act == "max":
                own[at]["max"] = f"{dice.randint(2, 900)}.00"
                given = {key: mark for key, mark in given.items() if key[1] != own[at]["zh"]}
        wanted = from_mapping(data)
        agreed = Agreed(plan(day, wanted, set()).seen, "换一版")
        scheme.adopt(day.skill, wanted, actor_id=None, agreed=agreed)
        found = cells.read(db.session(), day.skill)
        names = {one.name_zh: one for one in scheme_rows.aspects_of(current(day))}
        stand = {
            (found.entries[entry], words): mark.value
            for words, row in names.items()
            for entry in found.entries
            if (mark := found.works[entry].marks[row.id]).value is not None
        }
        assert stand == given
    assert ledger_proof.verify(db.session()).faults == []


def current(day: Seeded) -> Any:
    row = scheme.current(day.skill)
    assert row is not None
    return row
