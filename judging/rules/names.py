"""A person's name as two, for forms that ask for first and last names."""

COMPOUND = frozenset(  # two letters each
    row[at : at + 2]
    for row in (
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔",
        "申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐淳于呼延轩辕百里东郭西门南门拓跋完颜纳兰",
    )
    for at in range(0, len(row), 2)
)


def split(name: str) -> tuple[str, str]:
    """First and last name. A Chinese name begins with its surname; one with a dot inside
    (阿布都·热合曼) is given whole as the first name, for its parts are no surname; any other
    name ends with it."""
    whole = " ".join(name.split())
    if not whole or "·" in whole or "•" in whole:
        return whole, ""
    if " " in whole:
        first, _, last = whole.rpartition(" ")
        return first, last
    if ord(whole[0]) < 0x2E80:
        return "", whole
    long = 2 if whole[:2] in COMPOUND else 1
    return (whole[long:], whole[:long]) if len(whole) > long else ("", whole)
