"""Which rows of a roster are one entry: a person, or the people of a team."""

from collections.abc import Mapping

from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row
from competition.rules.roster_words import Finding


def group(rows: list[Row], sizes: Mapping[str, int], heading: str) -> None:
    """Give every row its `team`, and say what is odd about teams.

    Where a team is named, its rows belong together; where none is, the rows of one delegation,
    affiliation and skill do, in the order of the file. A reserve is an entry of its own. A team of
    which one row is wrong waits as a whole: half a team would be imported otherwise.
    """
    named: dict[tuple[str, str], list[Row]] = {}
    open_teams: dict[tuple[str, ...], list[Row]] = {}
    teams: list[list[Row]] = []
    for row in rows:
        row.team = row.number
        values = row.values
        size = sizes.get(values.get(Field.SKILL, ""), 1)
        if size == 1 or values.get(Field.RESERVE) or Field.DELEGATION not in values:
            continue
        label = values.get(Field.TEAM)
        if label:
            members = named.setdefault((values[Field.SKILL], label), [])
            _join(members, row, label, size, heading)
        else:
            key = (values[Field.DELEGATION], values.get(Field.AFFILIATION, ""), values[Field.SKILL])
            members = open_teams.setdefault(key, [])
            members.append(row)
            if len(members) == size:
                del open_teams[key]
                _tell_order(members, heading)
        if len(members) == 1 and members[0] is row:
            teams.append(members)
    for members in teams:
        _close(members, sizes[members[0].values[Field.SKILL]], heading)


def _join(members: list[Row], row: Row, label: str, size: int, heading: str) -> None:
    if members and members[0].values[Field.DELEGATION] != row.values[Field.DELEGATION]:
        said = {"team": label, "row": str(members[0].number)}
        row.findings.append(Finding(row.number, Field.TEAM, heading, "team_mixed", said))
    elif len(members) >= size:
        said = {"team": label, "size": str(size)}
        row.findings.append(Finding(row.number, Field.TEAM, heading, "team_full", said))
    else:
        members.append(row)


def _tell_order(members: list[Row], heading: str) -> None:
    first = members[0]
    rows = "、".join(str(row.number) for row in members[1:])
    first.findings.append(
        Finding(first.number, Field.TEAM, heading, "team_by_order", {"rows": rows})
    )


def _close(members: list[Row], size: int, heading: str) -> None:
    first = members[0]
    for row in members:
        row.team = first.number
    if len(members) < size:
        said = {"size": str(size), "found": str(len(members))}
        first.findings.append(Finding(first.number, Field.TEAM, heading, "team_short", said))
    wrong = next((row for row in members if row.is_wrong), None)
    if wrong is not None:
        for row in members:
            if not row.is_wrong:
                said = {"row": str(wrong.number)}
                row.findings.append(Finding(row.number, Field.TEAM, heading, "team_held", said))
