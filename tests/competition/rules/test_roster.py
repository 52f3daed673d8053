"""The check of a roster: headings, rows, rows against each other, teams."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition import catalogue
from competition.roster_reading import known_by_catalogue
from competition.rules import roster, roster_headings
from competition.rules.identity import Sex, never_issued
from competition.rules.roster import Asked, Checked, Table
from competition.rules.roster_lexicon import HEADINGS, Field
from competition.rules.roster_words import SENTENCES

TODAY = date(2026, 11, 23)
HEAD = ["序号", "姓名", "身份证号", "赛项", "代表队"]


def number(day: int, sex: Sex = Sex.MALE, month: int = 3) -> str:
    return never_issued("230102", date(2005, month, day), sex)


def person(
    name: str, day: int, skill: str = "W17", home: str = "哈尔滨市", *more: Any
) -> list[Any]:
    return [day, name, number(day), skill, home, *more]


def check(*rows: Sequence[Any], formulas: Any = (), **asked: Any) -> Checked:
    table = Table("一", rows, frozenset(formulas))
    return roster.check([table], Asked(known_by_catalogue(), TODAY, **asked))


def kinds(checked: Checked) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.kind) for one in checked.all_findings()]


def test_a_clean_roster_below_titles_in_any_order_of_columns() -> None:
    checked = check(
        ["2026 年报名汇总表"] * 4,
        ["单位盖章：", "", "联系人：张老师", ""],
        ["参赛项目", "代表团", " 身份证 号码* ", "选手姓名："],
        ["", "", "", ""],
        ["网站设计与开发", "哈尔滨", number(1), "张三"],
        ["w19 工业控制", "齐齐哈尔市代表队", number(2), "李四"],
        ["合计：2 人", "", "", ""],
    )
    assert checked.ready == 2
    assert [row.number for row in checked.rows] == [5, 6]
    assert checked.rows[0].values == {
        "name": "张三", "id_number": number(1), "skill": "W17", "delegation": "2301",
        "sex": "male", "born_on": "2005-03-01",
    }  # fmt: skip
    assert (checked.rows[1].values["skill"], checked.rows[1].values["delegation"]) == (
        "W19",
        "2302",
    )
    assert kinds(checked) == [(7, "", "note_row")]


def test_headings_in_english_and_of_two_rows() -> None:
    english = check(
        ["No.", "Full name", "ID number", "Skill", "Delegation", "Date of Birth", "T-shirt"],
        [1, "John Smith", number(1), "Web Technologies", "Harbin", "2005-03-01", "L"],
    )
    assert english.ready == 1
    assert kinds(english) == [(1, "T-shirt", "unknown_column")]
    two = check(
        ["姓名", "身份证号", "参赛信息", "参赛信息"],
        ["姓名", "身份证号", "赛项", "代表队"],
        ["张三", number(1), "W17", "大兴安岭"],
    )
    assert (two.ready, two.header.row if two.header else None) == (1, 1)


def test_what_a_person_said_of_a_heading_comes_first() -> None:
    rows = (
        ["姓名", "身份证号", "赛项", "代表队", "来自"],
        ["张三", number(1), "W17", "哈尔滨", "一中"],
    )
    assert check(*rows, remembered={"来自": "affiliation"}).rows[0].values["affiliation"] == "一中"
    assert "affiliation" not in check(*rows, remembered={"来自": ""}).rows[0].values
    chosen = {0: "name", 1: "id_number", 2: "skill", 3: "delegation", 4: "affiliation"}
    mapped = check(*rows, chosen=chosen, header_row=0)
    assert mapped.rows[0].values["affiliation"] == "一中"


def test_missing_columns_and_no_headings() -> None:
    none = check(["张三", number(1)])
    assert (kinds(none), none.ready) == ([(1, "", "no_header")], 0)
    few = check(["姓名", "赛项", "姓名"], ["张三", "W17", "x"])
    assert (few.ready, len(few.rows)) == (0, 1)
    assert kinds(few)[:3] == [
        (1, "身份证号", "no_column"),
        (1, "代表队", "no_column"),
        (1, "姓名", "doubled_column"),
    ]
    assert kinds(check(HEAD)) == [(1, "", "no_rows")]


def test_a_delegation_that_the_file_need_not_say() -> None:
    rows = ["姓名", "身份证号", "赛项"], ["张三", number(1), "W17"]
    own = check(*rows, own="2301", only_own=True)
    assert (own.ready, own.rows[0].values["delegation"]) == (1, "2301")
    other = check(HEAD, person("张三", 1, "W17", "大庆市"), own="2301", only_own=True)
    assert kinds(other) == [(2, "代表队", "delegation_other")]
    blank = check(HEAD, person("张三", 1, "W17", ""), own="2301", only_own=True)
    assert blank.ready == 1


def test_cells_that_are_wrong_are_named_with_their_heading() -> None:
    head = [*HEAD, "性别", "生日", "组别", "手机", "替补"]
    checked = check(
        head,
        [1, "", number(1), "", "", "", "", "", "", ""],
        [2, "张三", number(2), "网站设计与研发", "哈市", "女", "2005-03-03", "军人", "12", "也许"],
        [3, "李四", "2.3E+17", "水下焊接", "大庆市", "", "", "", "", ""],
        [4, "王五", number(4), "W17", "大庆市", "", "", "", "", ""],
        formulas=[(4, 2), (4, 0)],
    )
    assert kinds(checked) == [
        (2, "姓名", "missing"), (2, "赛项", "missing"), (2, "代表队", "missing"),
        (3, "赛项", "skill_unknown"), (3, "代表队", "delegation_unknown"),
        (3, "组别", "status_word"), (3, "手机", "phone_form"), (3, "替补", "reserve_word"),
        (3, "性别", "sex_differs"), (3, "生日", "date_differs"),
        (4, "身份证号", "digits_lost"), (4, "赛项", "skill_unknown"),
        (5, "身份证号", "formula"),
    ]  # fmt: skip
    near = next(one for one in checked.all_findings() if one.kind == "skill_unknown")
    assert "是否为“网站设计与开发”" in near.zh and "Web Technologies" in near.en
    assert checked.ready == 0


def test_rows_that_are_no_people() -> None:
    checked = check(
        ["报名表"] * 5,
        HEAD,
        ["例", "张三", number(1), "W17", "哈尔滨市"],
        ["", "示例：李四", number(2), "W17", "哈尔滨市"],
        ["", "", "", "", ""],
        HEAD,
        person("张三", 3),
        ["", "", "", "W17", ""],
        ["注：以上人员均已核对"] * 5,
        ["", "审核人：赵六", "", "", "2026-11-01"],
    )
    assert [row.number for row in checked.rows] == [7]
    passed = [(one.row, one.kind) for one in checked.findings]
    assert passed == [(row, "note_row") for row in (3, 4, 6, 8, 9, 10)]


def test_one_person_twice() -> None:
    checked = check(
        HEAD,
        person("张三", 1),
        person("张三", 1),
        person("张三", 1, "W19"),
        person("张三", 1, "W17", "大庆市"),
        person("李四", 2),
        person("李石", 2),
        [7, "王五", number(3), "W17", "大庆市"],
        [8, "王五", number(3, Sex.FEMALE), "W17", "大庆市"],
    )
    assert kinds(checked) == [
        (3, "身份证号", "same_row"),
        (4, "赛项", "two_skills"),
        (5, "代表队", "two_delegations"),
        (6, "姓名", "two_names"),
        (7, "姓名", "two_names"),
        (9, "身份证号", "two_numbers"),
    ]
    assert checked.ready == 4


def test_teams_by_name_by_order_and_as_a_whole() -> None:
    head = [*HEAD, "单位", "队伍"]
    row = [person(f"选手{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", n + 1, "W04") for n in range(12)]
    checked = check(
        head,
        [*row[0], "一校", "A"],
        [*row[1], "一校", "A"],
        [*row[2], "一校", "A"],  # a third
        [*row[3], "二校", ""],
        [*row[4], "三校", ""],
        [*row[5], "二校", ""],
        [*row[6][:4], "大庆市", "四校", "B"],
        [*row[7], "四校", "B"],  # another delegation
        [*row[8], "五校", "C"],
        [*row[9][:2], "23", *row[9][3:], "五校", "C"],
    )
    assert [one.team for one in checked.rows] == [2, 2, 4, 5, 6, 5, 8, 9, 10, 10]
    assert kinds(checked) == [
        (4, "队伍", "team_full"),
        (5, "队伍", "team_by_order"),
        (6, "队伍", "team_short"),
        (8, "队伍", "team_short"),
        (9, "队伍", "team_mixed"),
        (10, "队伍", "team_held"),
        (11, "身份证号", "id_length"),
    ]
    reserve = check([*head, "替补"], [*row[0], "", "", "是"], [*row[1], "", "", ""])
    assert [one.team for one in reserve.rows] == [2, 3]


def test_corrections_stand_over_the_cells() -> None:
    rows = HEAD, person("张三", 1, "网站"), ["", "李四", "", "W17", "大庆市"]
    assert check(*rows).ready == 0
    mended = check(*rows, corrections={2: {3: "W17"}, 3: {2: number(2)}}, formulas=[(1, 3)])
    assert mended.ready == 2
    assert mended.rows[0].raw[3] == "W17"


def test_the_sheet_with_most_headings_is_read_and_the_other_named() -> None:
    small = Table("旧", [["姓名", "身份证号"], ["张三", number(1)]])
    large = Table("新", [HEAD, person("李四", 2)])
    checked = roster.check([small, large], Asked(known_by_catalogue(), TODAY))
    assert (checked.sheet, checked.ready) == (1, 1)
    assert kinds(checked) == [(1, "", "other_sheet")]


def test_every_heading_means_one_field_and_every_sentence_is_whole() -> None:
    words = [word for text in HEADINGS.values() for word in text.split()]
    assert len(words) == len(set(words)) > 150
    assert {Field(what) for what in HEADINGS if what} == set(Field)
    for _, zh, en in SENTENCES.values():
        assert zh and en and not zh.endswith("。") and not en.endswith(".")


@pytest.mark.parametrize("skill", catalogue.skills(), ids=lambda one: str(one.code))
def test_every_skill_by_code_name_and_both(skill: catalogue.SkillFacts) -> None:
    names = known_by_catalogue().skills
    for text in (
        skill.code, skill.code.lower(), skill.name_zh, skill.name_en, f" {skill.name_zh} ",
        f"{skill.name_zh}赛项", f"{skill.code} {skill.name_zh}", f"{skill.name_zh}（{skill.code}）",
    ):  # fmt: skip
        assert names.code(text) == skill.code, text


CELL = st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.sampled_from([*HEAD, "甲"]))


@given(st.lists(st.lists(CELL, max_size=8), max_size=8))
def test_no_table_whatever_is_in_it_breaks_the_check(rows: list[list[Any]]) -> None:
    checked = check(*rows)
    assert checked.ready <= len(checked.rows) <= len(rows)
    assert all(one.zh and one.en for one in checked.all_findings())
    roster_headings.find(rows)
