"""Writes CIS workbooks, plain and odd, for the import's tests.

A sheet is a list of rows; `row(A=…, K=…)` fills the lettered columns of one. `plain()` is a valid
scheme of 100.00 marks; every oddity below is that scheme with one thing done as somebody did it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[list[Any]]

LABELS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
)
CHINESE = (
    "评分子项编号",
    "评分子项名称",
    "评分日",
    "评分点类型\nM=测量\nJ=评判",
    "评分点描述",
    "评判分",
    "补充描述 或 评判档描述",
    "要求（仅测量）",
    "所属标准部分",
    "计算表行号",
    "满分",
)
RUSSIAN = (
    "Код",
    "Субкритерий",
    "День оценки",
    "Тип аспекта",
    "Аспект",
    "Судейский балл",
    "Методика проверки аспекта",
    "Требование или номинальный размер",
    "Раздел WSSS",
    "Расчётная строка",
    "Макс. балл",
)
GERMAN = (
    "Teilkriterium",
    "Bezeichnung",
    "Bewertungstag",
    "Art\nM = Messung\nJ = Beurteilung",
    "Bewertungspunkt",
    "Stufe",
    "Zusatz",
    "Vorgabe",
    "Abschnitt",
    "Rechenzeile",
    "Höchstpunktzahl",
)


def row(**cells: Any) -> list[Any]:
    """One row; A to N by letter."""
    line: list[Any] = [None] * 14
    for letter, value in cells.items():
        line[ord(letter) - ord("A")] = value
    return line


def top(
    sections: Iterable[tuple[Any, str, Any, Any]] = (
        (1, "Work organisation", 40, 40),
        (2, "Front-end development", 60, 60),
    ),
    criteria: Iterable[tuple[str, Any, Any]] = (("A", "Layout", 70), ("B", "Code", 30)),
) -> Rows:
    """Title, standards table, criteria table."""
    return [
        row(A="17 Web Technologies"),
        row(),
        row(A="WorldSkills Occupational Standards"),
        row(A="Section", B="WSOS Marks", I="WSOS Marks", J="Aspect Marks", K="Variation"),
        *(row(A=n, B=name, I=said, J=given) for n, name, said, given in sections),
        row(I="Total Variation", K=0),
        row(),
        row(A="Criteria"),
        row(A="ID", B="Name", K="Mark"),
        *(row(A=letter, B=name, K=mark) for letter, name, mark in criteria),
    ]


def header(letter: str, total: Any = None, labels: tuple[str, ...] = LABELS) -> list[Any]:
    """The header row of a criterion."""
    return [*labels, f"Criterion {letter}", "Total\nMark", total]


def sub(code: Any, name: Any = "Form", day: Any = 1) -> list[Any]:
    """A sub-criterion."""
    return row(A=code, B=name, C=day)


def measured(description: Any, mark: Any, section: Any = 1, **more: Any) -> list[Any]:
    """A measurement."""
    return row(D="M", E=description, I=section, K=mark, **more)


def judged(description: Any, mark: Any, section: Any = 2, **more: Any) -> list[Any]:
    """A judgement, without its rungs."""
    return row(D="J", E=description, I=section, K=mark, **more)


def ladder(*texts: str) -> Rows:
    """The four rungs of a judgement."""
    words = texts or ("nothing", "acceptable", "good", "excellent")
    return [row(F=score, G=text) for score, text in enumerate(words)]


def plain() -> Rows:
    """Two criteria, three sub-criteria, five aspects (3 M, 2 J), 100.00 marks, no oddity."""
    return [
        *top(),
        header("A", 70),  # row 13
        sub("A1", "Grid", 1),
        measured("The grid has 8 columns", 40, G="Count them", H="8"),
        judged("The grid looks good", 10),  # row 16
        *ladder(),
        row(),
        sub("A2", "Menu", 2),  # row 22
        measured("The menu opens", 20, section=2),
        row(),
        header("B", 30),  # row 25
        sub("B1", "Structure", 2),
        measured("The page validates", 20, section=2),
        judged("The code reads well", 10),  # row 28
        *ladder(),
    ]


def replaced(at: int, *lines: list[Any]) -> Rows:
    """`plain()` with its row `at` (1-based) replaced by `lines`."""
    rows = plain()
    rows[at - 1 : at] = lines
    return rows


def save(path: Path, rows: Rows, calculations: Rows | None = None, **options: Any) -> Path:
    """Writes the workbook: the sheet's `name`, moved by `down` rows and `right` columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = options.get("name", "CIS Marking Scheme Import")
    write(sheet, rows, options.get("down", 0), options.get("right", 0))
    write(book.create_sheet("Calculations"), calculations or [])
    book.save(path)
    return path


def write(sheet: Any, rows: Rows, down: int = 0, right: int = 0) -> None:
    """Puts `rows` on a sheet of openpyxl."""
    for i, line in enumerate(rows, start=1 + down):
        for j, value in enumerate(line, start=1 + right):
            if value is not None:
                sheet.cell(i, j, value)


# The oddities of real files (marking-rules.md, "The CIS workbook")


def sub_and_aspect_in_one_row() -> Rows:
    """The sub-criterion's row is its first aspect too."""
    line = measured("The menu opens", 20, section=2)
    line[:3] = ["A2", "Menu", 2]
    rows = plain()
    rows[21:23] = [line]
    return rows


def id_on_every_aspect() -> Rows:
    """The sub-criterion's id is repeated in front of each of its aspects."""
    rows = plain()
    rows[21:23] = [
        row(A="A2", B="Menu", C=2, D="M", E="The menu opens", I=2, K=15),
        row(A="A2", D="M", E="The menu closes", I=2, K=5),
    ]
    return rows


def rung_0_on_the_aspect() -> Rows:
    """Rung 0 stands on the judgement's own row."""
    rows = plain()
    rows[15:20] = [
        judged("The grid looks good", 10, F=0, G="nothing"),
        *ladder()[1:],
    ]
    return rows


def cyrillic_ids() -> Rows:
    """Ids, criteria and types typed on a Cyrillic keyboard (А, В, М are not Latin here)."""
    rows = plain()
    rows[12][11] = "Criterion А"
    rows[13][0] = "А1"
    rows[14][3] = "М"
    rows[24][11] = "Criterion В"
    rows[25][0] = "В1"
    return rows


def spaces_everywhere() -> Rows:
    """Every cell begins with spaces of one kind or another, numbers are texts."""
    return [[None if v is None else f"  \xa0{v} " for v in line] for line in plain()]


def ids_twice() -> Rows:
    """A1 once without aspects, then again; B1 twice with aspects."""
    rows = plain()
    rows[27][10] = 4
    rows += [sub("B1", "More structure", 2), measured("Comments explain why", 6, section=2)]
    rows[13:13] = [sub("A1", "Layout", 1)]
    return rows


def numbers_in_every_dress() -> Rows:
    """Marks as text, with a comma, full-width, and as the float of a sum; sections as text."""
    rows = plain()
    rows[14] = measured("The grid has 8 columns", "40", section="1")
    rows[15][10] = "10,00"
    rows[22][10] = 19.999999999999996
    rows[22][8] = "2.0"
    rows[26][10] = "２０.０"
    rows[26][8] = 2.0
    return rows


def wrong_totals() -> Rows:
    """Hand-typed totals that are wrong: a section's, a criterion's, a header's."""
    rows = plain()
    rows[4][9] = 39
    rows[10][10] = 71
    rows[24][13] = 29.5
    return rows


def headers_twice() -> Rows:
    """The header row again, unlettered below itself and lettered in the middle of a form."""
    rows = plain()
    rows[14:14] = [header("A")]
    rows[13:13] = [list(LABELS)]
    return rows


def unused_blocks() -> Rows:
    """Letters without names in the table, headers without rows, a footer below."""
    rows = plain()
    rows[12:12] = [row(A="C"), row(A="D")]
    rows += [row(), header("C", 0), row(), header("D", 0), row(E="Total", K=100)]
    rows += [row(L="Competition", M="Total\nMark", N=0)]
    return rows


OLD_LABELS = (
    "Sub Criteria ID",
    "Sub Criteria Name or Description",
    "Aspect Type\nO = Obj\nS = Sub\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description",
    "Requirement or Nominal Size (Obj Only)",
    "Max Mark (Obj)",
    "Max Mark (Sub)",
)


def old_layout(kind: str = "J", rungs: bool = True) -> Rows:
    """The layout before 2016: O/S/J, no days, no sections, two mark columns."""
    return [
        row(A="17 Web Design"),
        row(A="Criteria"),
        row(A="A", B="Layout", K=100),
        row(),
        [*OLD_LABELS, "Criterion A", "Total Mark", 100],
        row(A="A1", B="Grid"),
        row(C="O", D="The grid has 8 columns", G="8", H=60),
        row(C=kind, D="The grid looks good", H=0, I=40),  # row 8
        *(row(E=line[5], F=line[6]) for line in (ladder() if rungs else [])),
    ]


def empty_template() -> Rows:
    """The template as it is downloaded."""
    return [
        *top(
            [(1, "Work organisation", 40, None), (2, "Front-end", 60, None)],
            [("A", None, None), ("B", None, None)],
        ),
        header("A", 0),
        row(),
        row(L="Competition", M="Total\nMark", N=0),
    ]


def out_of_50() -> Rows:
    """A module out of 50 marks."""
    rows = plain()
    rows[14][10] = 10
    rows[22][10] = 0.5
    rows[26][10] = 19.5
    return rows


def continued_texts() -> Rows:
    """Texts that run over several rows: below an aspect and below a rung."""
    rows = plain()
    rows[15:16] = [
        row(G="and look for gaps", H="± 0"),
        rows[15],
        row(G="from two metres away"),
    ]
    rows[19:19] = [row(G="or almost nothing")]
    return rows


def one_block_for_all() -> Rows:
    """No header for criterion B; a letter row opens it instead."""
    rows = plain()
    rows[24] = row(A="B", B="Code")
    return rows


# One row of the calculations sheet for each kind, as exports write them: row 1 is PASS_FAIL.
CALCULATIONS: Rows = [
    ["Measurement", "PASS_FAIL", True],
    ["Number Completed 8", "NUMBER_COMPLETED", True, "NUM_POSSIBLE:::8.00000000#x~x#"],
    [
        "Finish", "CHOICE", False,
        "DEDUCTION_TYPE:::#x~x#PERCENT#-#CHOICE1_LABEL:::#x~x#smooth#-#CHOICE1_DEDUCTION:::0E-8"
        "#x~x##-#CHOICE2_LABEL:::#x~x#rough#-#CHOICE2_DEDUCTION:::60.00000000#x~x#",
    ],
    [
        "Length", "RANGED_SCORE", False,
        "TARGET_VALUE:::10.00000000#x~x##-#RANGE1_LOWER:::0.50000000#x~x##-#RANGE1_UPPER:::"
        "0.50000000#x~x##-#RANGE1_DEDUCTION:::0E-8#x~x#",
    ],
    [
        "Time", "REGULAR_DIFFERENCE_DEDUCTION", False,
        "TARGET_VALUE:::30.00000000#x~x##-#DIFFERENCE:::2.00000000#x~x##-#DEDUCTION:::0.25000000"
        "#x~x#",
    ],
]  # fmt: skip


def every_calculation() -> Rows:
    """A measurement of every kind of calculation, by its row in the other sheet."""
    rows = plain()
    rows[14:15] = [measured(f"Kind {at}", 8, J=at) for at in range(1, 6)]
    return rows


def unreadable_calculation() -> Rows:
    """A row of the calculations sheet whose parameters say nothing."""
    rows = plain()
    rows[14][9] = 1
    return rows
