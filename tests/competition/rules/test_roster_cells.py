"""What can be mended without doubt is mended and named; everything else is refused."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import roster_cells as cells
from competition.rules.identity import Sex, never_issued
from competition.rules.roster_cells import Cell

TODAY = date(2026, 11, 23)
NUMBER = "230125200103149994"


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        (NUMBER, []),
        (f"  {NUMBER} ", []),
        (f"'{NUMBER}", ["apostrophe"]),
        (f"’{NUMBER}", ["apostrophe"]),
        (f'="{NUMBER}"', ["wrapped"]),
        (f"\u200b{NUMBER}\ufeff", ["invisible"]),
        (f"{NUMBER}\r\n", []),
        ("230125\n200103149994", ["line_break"]),
        ("230125_x000D_200103149994", ["line_break"]),
        ("２３０１２５２００１０３１４９９９４", ["full_width"]),
        ("230125 20010314 9994", ["inner_space"]),
        ("230125-20010314-9994", ["inner_space"]),
        (
            "'\u200b２３０１２５ 200103149994",
            ["invisible", "apostrophe", "full_width", "inner_space"],
        ),
    ],
)
def test_identity_numbers_that_are_mended(cell: Cell, kinds: list[str]) -> None:
    read = cells.clean(cell)
    number, told, _ = cells.id_number(read, TODAY)
    assert (number, read.kinds) == (NUMBER, kinds)
    assert told is not None and told.sex is Sex.MALE


@pytest.mark.parametrize("sign", ["x", "Ｘ", "ｘ", "×", "Х"])
def test_the_x_at_the_end(sign: str) -> None:
    read = cells.clean("23038120010610999" + sign)
    assert cells.id_number(read, TODAY)[0] == "23038120010610999X"


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (230125200103149994.0, "digits_lost"),
        (2.30125200103e17, "digits_lost"),
        ("2.30125E+17", "digits_lost"),
        ("2.30125200103149e17", "digits_lost"),
        (230125.5, "digits_lost"),
        ("230125200103149000", "digits_zeroed"),
        ("230125010314999", "id_old"),
        ("23012520010314999", "id_length"),
        ("2301252001031499944", "id_length"),
        (12345, "id_length"),
        ("230125200103149X94", "id_form"),
        ("E12345678", "id_other"),
        ("230125200102309998", "id_date"),
        ("230125209901019992", "id_date"),
        ("230125200103149995", "id_check"),
        ("=A1", "formula"),
    ],
)
def test_identity_numbers_that_are_refused(cell: Cell, kind: str) -> None:
    read = cells.clean(cell)
    if "formula" not in read.kinds:
        assert cells.id_number(read, TODAY)[0] is None
    assert kind in read.kinds


def test_the_region_is_soft() -> None:
    number = never_issued("990102", date(2005, 3, 5), Sex.FEMALE)
    read = cells.clean(number)
    assert cells.id_number(read, TODAY)[0] == number
    assert read.kinds == ["id_region"]


@pytest.mark.parametrize(
    "cell",
    [
        "2001-03-14",
        "2001/3/14",
        "2001.3.14",
        "2001年3月14日",
        "2001 年 03 月 14",
        "20010314",
        20010314,
        "２００１－０３－１４",
        "2001–3–14",
        "2001-03-14 00:00:00",
        "2001-03-14T00:00:00",
        "14 March 2001",
        "Mar 14, 2001",
        datetime(2001, 3, 14),
        36964,
        "36964",
        "36964.0",
    ],
)
def test_spellings_of_a_date(cell: Cell) -> None:
    found, said = cells.day(cells.clean(cell))
    assert found == date(2001, 3, 14)
    assert said in ({}, {"day": "2001-03-14"})


@pytest.mark.parametrize(
    "cell", ["01-3-14", "2001-3", "14/03/2001", "三月", "2001-13-01", "2001-2-30"]
)
def test_dates_that_nobody_can_read(cell: str) -> None:
    read = cells.clean(cell)
    assert cells.day(read)[0] is None
    assert read.kinds in (["date_form"], ["date_none"])


@pytest.mark.parametrize(
    ("cell", "name", "kinds"),
    [
        ("张三", "张三", []),
        ("张 三", "张三", ["inner_space"]),
        ("张\u3000三", "张三", ["inner_space"]),
        ("张\n三", "张三", ["line_break"]),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提", []),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提", []),
        ("𠮷田", "𠮷田", []),
        ("Anna-Maria O'Neil", "Anna-Maria O'Neil", []),
        ("张三1", None, ["name_odd"]),
        ("张三（替补）", None, ["name_odd"]),
        (20.0, None, ["name_odd"]),
        ("\ue001三", None, ["name_private"]),
        ("锟斤拷", None, ["broken"]),
        ("王" * 51, None, ["too_long"]),
    ],
)
def test_names(cell: Cell, name: str | None, kinds: list[str]) -> None:
    read = cells.clean(cell)
    found = cells.name(read)
    assert (None if "broken" in read.kinds else found) == name
    assert read.kinds == kinds


def test_small_words() -> None:
    assert [cells.sex(cells.clean(one)) for one in ("男", "女性", "F", " male ", "不详")] == [
        "male", "female", "female", "male", None,
    ]  # fmt: skip
    assert [cells.status(cells.clean(one)) for one in ("职工组", "学生 组", "Student", "军人")] == [
        "employee", "student", "student", None,
    ]  # fmt: skip
    assert [cells.reserve(cells.clean(one)) for one in ("是", "否", "√", True, 0, "也许")] == [
        True, False, True, True, False, None,
    ]  # fmt: skip
    assert [
        cells.phone(cells.clean(one))
        for one in ("100 1234 5678", 10012345678, "+86 100-1234-5678", "0451-12345678", "1234", 1.5)
    ] == ["10012345678", "10012345678", "10012345678", "045112345678", None, None]
    assert cells.names(cells.clean("张三、李四,王五 赵六")) == ("张三", "李四", "王五", "赵六")
    assert cells.names(cells.clean("张三1")) is None
    assert cells.words(cells.clean("哈尔滨　示例  学院"), 100) == "哈尔滨 示例 学院"
    assert cells.words(cells.clean("x" * 101), 100) is None


ANY = st.one_of(
    st.text(max_size=40),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.datetimes(),
)


@given(ANY)
def test_no_cell_whatever_is_in_it_breaks_a_reader(cell: Cell) -> None:
    for reader in (
        cells.name,
        cells.sex,
        cells.day,
        cells.status,
        cells.reserve,
        cells.phone,
        cells.names,
        lambda read: cells.words(read, 30),
        lambda read: cells.id_number(read, TODAY),
    ):
        reader(cells.clean(cell))


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)), st.sampled_from(Sex))
def test_a_right_number_comes_through_whatever_is_put_into_it(born_on: date, sex: Sex) -> None:
    number = never_issued("230102", born_on, sex)
    for cell in (f"'{number.lower()}", " ".join(number), f"\u200b{number}\u3000"):
        found, told, _ = cells.id_number(cells.clean(cell), TODAY)
        assert found == number
        assert told is not None and (told.born_on, told.sex) == (born_on, sex)
