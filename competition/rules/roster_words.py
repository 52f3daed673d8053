"""The sentences of a roster's check. Each says what is wrong with a cell and what to do; none
repeats an identity number."""

import dataclasses
from dataclasses import dataclass

# kind → (is it an error, Chinese, English). What is mended is told as well, and is no error.
SENTENCES: dict[str, tuple[bool, str, str]] = {
    # the file
    "no_header": (
        True,
        "没有找到标题行。请在数据上方用一行写明各列，如：姓名、身份证号、赛项、代表队",
        "No heading row was found. Put one row above the data that names the columns, such as Name,"
        " Identity number, Skill, Delegation",
    ),
    "no_rows": (True, "标题行下面没有数据", "There are no rows below the headings"),
    "no_column": (
        True,
        "缺少“{zh}”列。请补上此列，或在列对应中指定",
        'The column "{en}" is missing. Add it, or say which column it is',
    ),
    "unknown_column": (
        False,
        "不认识的列，未读取；如需读取，请在列对应中指定",
        "This heading is not known and the column was passed over; say what it is if it matters",
    ),
    "doubled_column": (
        False,
        "与前面的列重复，未读取",
        "Means the same as an earlier column and was passed over",
    ),
    "other_sheet": (
        False,
        "工作表“{sheet}”看上去也是名册，没有读取；一次只读一张表",
        'The sheet "{sheet}" looks like a roster too and was not read; one sheet is read at a time',
    ),
    "note_row": (
        False,
        "像是说明、合计或示例，不是人员，已跳过",
        "Looks like a note, a sum or an example, not a person; passed over",
    ),
    # any cell
    "formula": (
        True,
        "是公式，不是内容。请复制此列，用“选择性粘贴—数值”粘贴后再试",
        "Is a formula, not a value. Copy the column, paste it as values and try again",
    ),
    "missing": (True, "没有填写", "Is empty"),
    "too_long": (True, "超过 {most} 个字符，请缩短", "Has more than {most} characters; shorten it"),
    "broken": (
        True,
        "有无法辨认的字符（文件编码转换时损坏），请重新填写",
        "Holds characters that were lost when the file was converted; type it again",
    ),
    "invisible": (
        False,
        "有看不见的字符，已去掉",
        "Held invisible characters; they were removed",
    ),
    "line_break": (False, "单元格内有换行，已去掉", "Held a line break; it was removed"),
    "full_width": (
        False,
        "有全角字符，已改为半角",
        "Held full-width characters; they were made half-width",
    ),
    "apostrophe": (
        False,
        "开头有撇号，已去掉",
        "Began with an apostrophe; it was removed",
    ),
    "wrapped": (
        False,
        '写成了 ="…"，已取其中的内容',
        'Was written as ="…"; the text inside was taken',
    ),
    "inner_space": (False, "中间有空格，已去掉", "Held spaces; they were removed"),
    # names
    "name_odd": (
        True,
        "不像姓名：含有数字或符号",
        "Does not look like a name: it holds figures or signs",
    ),
    "name_private": (
        True,
        "含有电脑自造的字，别的电脑显示不出来。请用标准字库输入（如搜狗“生僻字”）",
        "Holds a character made on one computer, which others cannot show. Type it with a standard"
        " input method",
    ),
    # identity numbers
    "digits_lost": (
        True,
        "被 Excel 当成数字，后几位已丢失，无法恢复。请把此列设为“文本”格式，重新填写",
        "Excel took it for a number and lost its last digits; they cannot be brought back. Set the"
        " column to Text and type it again",
    ),
    "digits_zeroed": (
        True,
        "校验码不符，且末三位是 000：可能被 Excel 截断。请把此列设为“文本”，对照证件重新填写",
        "The check character does not fit and the number ends in 000: Excel may have cut it. Set"
        " the column to Text and type it again from the card",
    ),
    "id_old": (
        True,
        "是 15 位的旧号码，请填写 18 位的居民身份证号",
        "Is an old number of 15 digits; give the one of 18",
    ),
    "id_length": (
        True,
        "应为 18 位，现有 {found} 位，请对照证件核对",
        "Should have 18 characters and has {found}; compare it with the card",
    ),
    "id_form": (
        True,
        "应为 17 位数字加一位数字或 X，请对照证件核对",
        "Should be 17 digits and a digit or X; compare it with the card",
    ),
    "id_other": (
        True,
        "像是护照或其他证件号。名册只读取居民身份证和居住证，请联系秘书处登记",
        "Looks like a passport or another paper. Rosters take resident identity numbers only; ask"
        " the secretariat to enter this person",
    ),
    "id_date": (
        True,
        "其中的出生日期不存在或还没有到，请对照证件核对",
        "Its birth date does not exist or is still to come; compare it with the card",
    ),
    "id_check": (
        True,
        "校验码与前 17 位不符，有数字填错，请对照证件逐位核对",
        "The check character does not fit the 17 digits before it: a digit is wrong. Compare it"
        " with the card, digit by digit",
    ),
    "id_region": (
        False,
        "前两位不是已知的省份代码，请对照证件核对",
        "The first two digits are no province we know; compare it with the card",
    ),
    "small_x": (False, "末位的 x 已改为大写 X", "The x at the end was made a capital X"),
    # what the number says too
    "sex_word": (True, "应填“男”或“女”", "Should be 男 (male) or 女 (female)"),
    "sex_differs": (
        True,
        "与身份证号不符：号码表示为“{told_zh}”，请核对两处",
        "Contradicts the identity number, which says {told_en}; check both",
    ),
    "date_form": (
        True,
        "看不懂这个日期，请写成 2001-03-14 的样子",
        "This date cannot be read; write it like 2001-03-14",
    ),
    "date_none": (True, "没有这一天", "There is no such day"),
    "date_serial": (
        False,
        "是 Excel 的日期序号，已读作 {day}",
        "Is a date as Excel counts it; read as {day}",
    ),
    "date_differs": (
        True,
        "与身份证号中的出生日期不符，请核对两处",
        "Contradicts the birth date in the identity number; check both",
    ),
    # what only the form asks
    "years_form": (True, "应为 0 至 60 的整数", "Should be a whole number, 0 to 60"),
    # words we must know
    "skill_unknown": (
        True,
        "没有赛项“{text}”{near_zh}",
        'There is no skill "{text}"{near_en}',
    ),
    "delegation_unknown": (
        True,
        "没有代表队“{text}”{near_zh}",
        'There is no delegation "{text}"{near_en}',
    ),
    "delegation_other": (
        True,
        "不是您的代表队。您只能为“{own_zh}”报名",
        "Is not your delegation; you enter people for {own_en} only",
    ),
    "status_word": (True, "应填“职工”或“学生”", "Should be 职工 (employee) or 学生 (student)"),
    "reserve_word": (True, "应填“是”或“否”", "Should be 是 (yes) or 否 (no)"),
    "phone_form": (
        True,
        "应为 11 位手机号或带区号的电话",
        "Should be a mobile number of 11 digits or a telephone with its area code",
    ),
    # rows against each other
    "same_row": (
        True,
        "与第 {row} 行是同一人、同一赛项，重复了。请删去一行",
        "Is the same person in the same skill as row {row}; remove one of the two",
    ),
    "two_names": (
        True,
        "与第 {row} 行的身份证号相同，但姓名不同。请核对两行",
        "Has the same identity number as row {row} under another name; check both rows",
    ),
    "two_delegations": (
        True,
        "与第 {row} 行是同一人，但代表队不同。一个人只能代表一个队",
        "Is the same person as in row {row}, in another delegation; a person stands for one only",
    ),
    "two_skills": (
        False,
        "与第 {row} 行是同一人，报了两个赛项；是否允许由资格审核决定",
        "Is the same person as in row {row}, in two skills; eligibility decides on that",
    ),
    "two_numbers": (
        False,
        "与第 {row} 行姓名、出生日期相同，身份证号不同。如为同一人请核对",
        "Has the name and birth date of row {row} and another identity number; check whether it is"
        " one person",
    ),
    # rows against what is registered
    "known_as": (
        True,
        "这个身份证号已登记在另一个姓名下{known_zh}。请对照证件核对；确属改名的，请联系秘书处",
        "This identity number is registered under another name{known_en}. Compare it with the card;"
        " if the name has changed, ask the secretariat",
    ),
    "entered_elsewhere": (
        True,
        "此人已由“{home_zh}”报名；一个人只能代表一个队。如属错误，请联系秘书处",
        "This person is entered by {home_en}; a person stands for one delegation only. If that is"
        " wrong, ask the secretariat",
    ),
    "entered_otherwise": (
        False,
        "此人已报名“{skill_zh}”；是否允许两个赛项由资格审核决定",
        'This person is entered in "{skill_en}" as well; eligibility decides on that',
    ),
    "registered_number": (
        False,
        "已登记有姓名、出生日期相同而身份证号不同的人。如为同一人请核对号码",
        "Somebody with this name and birth date is registered under another identity number; check"
        " whether it is one person",
    ),
    "was_withdrawn": (
        False,
        "在这个赛项的报名已退出，导入不会恢复。如需恢复，请联系秘书处",
        "The entry in this skill was withdrawn; importing does not bring it back. Ask the"
        " secretariat if it should",
    ),
    "has_started": (
        True,
        "该赛项已经开赛，报名不能再增加或更改。特殊情况请联系裁判长",
        "Work has begun in this skill; its entries stay as they are. Ask the chief judge",
    ),
    "entries_locked": (
        True,
        "{skill} 的报名已由{by}于 {at} 锁定，不能再增加或更改。确需更改的，请秘书处申请解锁，"
        "由另一人批准",
        "The entries of {skill} were locked by {by} on {at} and stay as they are. If they must"
        " change, the secretariat asks to unlock them and a second person grants it",
    ),
    "teams_apart": (
        True,
        "这一队的人已分别报名在不同的队，或在替补中。请核对队伍",
        "The people of this team are entered in different teams already, or as reserves; check the"
        " teams",
    ),
    "team_complete": (
        True,
        "此队已登记 {found} 人，再加就超过每队 {size} 人。请先在报名页换人或退出",
        "This team has {found} people already and would exceed {size}; substitute or withdraw on"
        " the entry's page first",
    ),
    # teams
    "team_full": (
        True,
        "“{team}”队已有 {size} 人，这个赛项每队 {size} 人",
        "Team {team} has {size} people already, as many as a team of this skill",
    ),
    "team_mixed": (
        True,
        "“{team}”队里有不同的代表队或赛项（见第 {row} 行）",
        "Team {team} mixes delegations or skills (see row {row})",
    ),
    "team_held": (
        True,
        "同队第 {row} 行有错误，整队一起等改正后再导入",
        "Row {row} of the same team is wrong; the team waits and is imported together",
    ),
    "team_short": (
        False,
        "这个赛项每队 {size} 人，这一队只有 {found} 人",
        "A team of this skill has {size} people; this one has {found}",
    ),
    "team_by_order": (
        False,
        "没有填写队伍，按顺序与第 {rows} 行合为一队，请核对",
        "No team is given: put together with row {rows} in the order of the file; check it",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell, or about a whole row when `field` is empty. `row` as numbered in
    the file; `column` its heading there."""

    row: int
    field: str
    column: str
    kind: str
    values: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return SENTENCES[self.kind][0]

    @property
    def zh(self) -> str:
        return SENTENCES[self.kind][1].format(**self.values)

    @property
    def en(self) -> str:
        return SENTENCES[self.kind][2].format(**self.values)
