"""The judge register: files looked through, imported and undone; one judge typed in."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import judge_files, judge_register
from competition.database import db, writing
from competition.models import (
    Account,
    Affiliation,
    JudgeBatch,
    JudgeRecord,
    LedgerRow,
    Person,
)
from competition.privacy import PHONE, give_phone, identify, vault
from competition.rules.judge_rows import Column
from competition.rules.refusal import Refusal
from competition.tables import workbook
from competition.views.judges import _heads, _row
from tests.judging.seed import seed

HEADS = "姓名,单位,代表队,裁判等级,专业领域,手机号,聘期开始,聘期结束,培训日期,培训"
ZHAO = "赵一,哈尔滨技师学院,大兴安岭,省级,T17,13900000001,2026-01-01,2027-12-31,2026-09-01,省裁判班"
QIAN = "钱二,大庆化工学院,,国家级,,,,,,"


@pytest.fixture
def actor(context: Flask) -> int:
    return seed().judges["stranger"]


def file(*rows: str, heads: str = HEADS) -> bytes:
    return "\n".join([heads, *rows]).encode()


def upload(actor: int, *rows: str, heads: str = HEADS) -> JudgeBatch:
    number = judge_files.upload(file(*rows, heads=heads), "裁判.csv", actor_id=actor)
    return db.session.get_one(JudgeBatch, number)


def register() -> dict[str, JudgeRecord]:
    asked = select(JudgeRecord).order_by(JudgeRecord.id)
    found = db.session.scalars(asked.execution_options(populate_existing=True))
    return {one.person.name: one for one in found}


def test_a_file_is_looked_through_before_anything_is_written(actor: int) -> None:
    batch = upload(actor, ZHAO, QIAN)
    assert batch.counts == {"new": 2, "changed": 0, "same": 0, "wrong": 0}
    assert register() == {}
    assert judge_files.import_(batch.id, actor_id=actor) == 2
    assert judge_files.import_(batch.id, actor_id=actor) == 0, "twice is once"
    zhao, qian = register()["赵一"], register()["钱二"]
    assert zhao.delegation is not None
    assert (zhao.delegation.code, zhao.level, zhao.fields) == ("D-P41", "provincial", ["T17"])
    assert (str(zhao.since), str(zhao.until), str(zhao.trained_on), zhao.training) == (
        "2026-01-01", "2027-12-31", "2026-09-01", "省裁判班",
    )  # fmt: skip
    assert (qian.delegation, qian.level, qian.fields, qian.until) == (None, "national", [], None)
    assert zhao.person.phone_masked == "13*******01"
    assert vault().open(PHONE, zhao.person.phone_sealed or b"") == "13900000001"
    written = str(list(db.session.scalars(select(LedgerRow.body))))
    assert "13900000001" not in written
    assert "赵一" not in written


WRONG = [
    ("赵一,甲校,,特级,,,,,,", "裁判等级", "应为国家级"),
    ("赵一,甲校,火星,,,,,,,", "代表队", ""),
    ("赵一,甲校,,,X99,,,,,", "专业领域", ""),
    ("赵一,甲校,,,,12,,,,", "手机号", ""),
    ("赵一,甲校,,,,,2027-01-01,2026-01-01,,", "聘期结束", "早于聘期开始"),
    ("赵一,甲校,,,,,2027-02-30,,,", "聘期开始", ""),
    (",甲校,,,,,,,,", "姓名", "没有填写"),
    ("赵一,,,,,,,,,", "单位", "没有填写"),
]


@pytest.mark.parametrize(("row", "column", "words"), WRONG, ids=[one[1] for one in WRONG])
def test_a_wrong_row_says_where_and_what(actor: int, row: str, column: str, words: str) -> None:
    batch = upload(actor, QIAN, row)
    looked = judge_files.look(db.session(), batch)
    assert looked.counts == {"new": 1, "changed": 0, "same": 0, "wrong": 1}
    errors = [one for one in looked.lines[1].row.said if one.is_error]
    assert [(one.row, one.column) for one in errors] == [(3, column)]
    assert words in errors[0].zh
    assert judge_files.import_(batch.id, actor_id=actor) == 1
    assert set(register()) == {"钱二"}


def test_the_same_judge_twice_in_a_file(actor: int) -> None:
    looked = judge_files.look(db.session(), upload(actor, QIAN, QIAN))
    assert [one.state for one in looked.lines] == ["new", "wrong"]
    assert "与第 2 行是同一人" in looked.lines[1].row.said[-1].zh


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "No file was chosen"),
        (b"%PDF-1.4", "table"),
        (b"\x00\x00", "empty"),
    ],
)
def test_what_is_no_table_is_refused(actor: int, data: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        judge_files.upload(data, "x", actor_id=actor)
    assert db.session.scalars(select(JudgeBatch)).all() == []


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", "姓名,年龄\n赵,3\n".encode(), HEADS.encode()])
def test_a_file_without_judges_cannot_be_imported(actor: int, data: bytes) -> None:
    number = judge_files.upload(data, "x", actor_id=actor)
    looked = judge_files.look(db.session(), db.session.get_one(JudgeBatch, number))
    assert looked.said
    assert not looked.ready
    with pytest.raises(Refusal, match="no row"):
        judge_files.import_(number, actor_id=actor)


def test_a_later_file_changes_and_takes_nothing_away(actor: int) -> None:
    judge_files.import_(upload(actor, ZHAO, QIAN).id, actor_id=actor)
    later = upload(actor, "赵一,哈尔滨技师学院,,国家级,,,,,,", QIAN)
    assert later.counts == {"new": 0, "changed": 1, "same": 1, "wrong": 0}
    assert judge_files.import_(later.id, actor_id=actor) == 1
    zhao = register()["赵一"]
    assert (zhao.level, zhao.fields, zhao.training) == ("national", ["T17"], "省裁判班")
    assert judge_files.undo(later.id, actor_id=actor) == (1, 0)
    assert register()["赵一"].level == "provincial"


def test_an_import_is_undone_as_a_whole(actor: int) -> None:
    people = len(db.session.scalars(select(Person.id)).all())
    batch = upload(actor, ZHAO, QIAN)
    judge_files.import_(batch.id, actor_id=actor)
    assert judge_files.undo(batch.id, actor_id=actor) == (2, 0)
    assert judge_files.undo(batch.id, actor_id=actor) == (0, 0)
    assert register() == {}
    assert len(db.session.scalars(select(Person.id)).all()) == people


def test_undoing_keeps_whom_somebody_worked_with(actor: int) -> None:
    batch = upload(actor, ZHAO, QIAN)
    judge_files.import_(batch.id, actor_id=actor)
    with writing() as session:
        account = Account(username="zhao1", label="赵一", fs_uniquifier="zhao1")
        account.person_id = register()["赵一"].person_id
        session.add(account)
    judge_register.typed({Column.NAME: "钱二", Column.AFFILIATION: "大庆化工学院",
                          Column.LEVEL: "省级"}, actor_id=actor)  # fmt: skip
    assert judge_files.undo(batch.id, actor_id=actor) == (0, 2)
    assert set(register()) == {"赵一", "钱二"}


def test_a_person_who_is_known_keeps_their_school(actor: int) -> None:
    number = "230108198001010012"
    with writing() as session:
        person = Person(name="孙三", affiliation=Affiliation(name="原单位"))
        give_phone(person, "13911112222")
        session.add(person)
        identify(person, number)
    heads = f"{HEADS},身份证号"
    batch = upload(actor, f"孙三,新单位,,,,13933334444,,,,,{number}", heads=heads)
    judge_files.import_(batch.id, actor_id=actor)
    person = register()["孙三"].person
    assert person.affiliation is not None
    assert (person.affiliation.name, person.phone_masked) == ("原单位", "13*******22")
    other = upload(actor, f"李四,新单位,,,,,,,,,{number}", heads=heads)
    assert other.counts["wrong"] == 1
    message = judge_files.look(db.session(), other).lines[0].row.said[-1].zh
    assert "另一个姓名" in message
    assert number not in message


def test_a_file_that_was_put_away_is_gone(actor: int) -> None:
    batch = upload(actor, ZHAO)
    judge_files.drop(batch.id, actor_id=actor)
    row = db.session.get_one(JudgeBatch, batch.id, populate_existing=True)
    assert (row.state, row.file_sealed) == ("dropped", None)
    with pytest.raises(Refusal, match="dealt with"):
        judge_files.import_(batch.id, actor_id=actor)


def test_what_goes_out_comes_in_again(actor: int, app: Flask) -> None:
    judge_files.import_(upload(actor, ZHAO, QIAN).id, actor_id=actor)
    with app.test_request_context("/"):
        rows = [_row(one) for one in judge_register.rows(db.session(), judge_register.Wish())]
        data = workbook("裁判库", _heads(), rows)
    again = judge_files.upload(data, "again.xlsx", actor_id=actor)
    looked = judge_files.look(db.session(), db.session.get_one(JudgeBatch, again))
    wrong = [one.zh for line in looked.lines for one in line.row.said if one.is_error]
    assert len(wrong) == 1, "the telephone number is masked and is no number any more"
    assert looked.counts == {"new": 0, "changed": 0, "same": 1, "wrong": 1}


def test_one_judge_is_typed_in_and_leaves(actor: int) -> None:
    given = {Column.NAME: "周五", Column.AFFILIATION: "齐齐哈尔学院", Column.FIELDS: "T17"}
    number = judge_register.typed(given, actor_id=actor)
    assert judge_register.typed(given, actor_id=actor) == number
    with pytest.raises(Refusal, match="Level"):
        judge_register.typed({**given, Column.LEVEL: "特级"}, actor_id=actor)
    judge_register.leave(number, actor_id=actor)

    def listed(given: dict[str, str]) -> int:
        wanted = judge_register.wish(given)
        return judge_register.page(db.session(), wanted, number=1, size=50).total

    assert [listed({"state": state}) for state in ("", "left", "all")] == [0, 1, 1]
    judge_register.leave(number, back=True, actor_id=actor)
    assert [listed({"state": state}) for state in ("", "left", "over")] == [1, 0, 0]


def test_the_list_is_narrowed_and_paged(actor: int) -> None:
    judge_files.import_(upload(actor, ZHAO, QIAN).id, actor_id=actor)

    def names(**given: str) -> list[str]:
        found = judge_register.page(db.session(), judge_register.wish(given), number=1, size=50)
        return [one.person.name for one in found.records]

    assert set(names()) == {"赵一", "钱二"}
    assert names(skill="T17") == ["赵一"]
    assert names(level="national") == ["钱二"]
    assert names(delegation="-") == ["钱二"]
    assert names(delegation="D-P41") == ["赵一"]
    assert names(words="化工") == ["钱二"]
    assert names(words="\x00%") == []
    assert set(names(level="nonsense", state="nonsense")) == {"赵一", "钱二"}
    past = judge_register.page(db.session(), judge_register.wish({}), number=99, size=1)
    assert (past.number, past.pages, len(past.records)) == (2, 2, 1)


def test_a_contact_is_shown_with_a_reason_that_is_noted(actor: int) -> None:
    judge_files.import_(upload(actor, ZHAO).id, actor_id=actor)
    number = register()["赵一"].id
    with pytest.raises(Refusal, match="Say why"):
        judge_register.show_contact(number, reason=" ", actor_id=actor)
    shown = judge_register.show_contact(number, reason="通知报到", actor_id=actor)
    assert shown == "13900000001"
    acts = db.session.scalars(select(LedgerRow.act)).all()
    assert acts.count("person.view_phone") == 1
