"""Duties: what each role is called and may be scoped to, and which duties one person never joins.

Separation of duties (features.md X, decisions 1 and 5): who records never confirms, who rules on
appeals never judges, who judges coaches no competitor of the skill, and whoever runs the
competition never marks. A judge who comes from where a competitor comes from stands aside from that
one work (`rules/conflicts.py`); a chief judge, who decides on all of them, cannot. It counts by
person: two accounts of one human being are one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from competition.rules.refusal import Refusal


class Role(StrEnum):
    """What a grant allows. Where it holds is the grant's scope."""

    ORGANISER = "organiser"
    SECRETARIAT = "secretariat"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    RECORDER = "recorder"
    CONFIRMER = "confirmer"
    ARBITER = "arbiter"
    KEY_HOLDER = "key_holder"
    INVIGILATOR = "invigilator"
    SUPERVISOR = "supervisor"
    TEAM_LEADER = "team_leader"
    COMPETITOR = "competitor"


class Scope(StrEnum):
    """How far a grant reaches."""

    COMPETITION = "competition"
    ZONE = "zone"
    SKILL = "skill"
    DELEGATION = "delegation"


_WHOLE, _FLOOR = (Scope.COMPETITION,), (Scope.SKILL, Scope.ZONE, Scope.COMPETITION)
SCOPES: dict[Role, tuple[Scope, ...]] = {
    Role.ORGANISER: _WHOLE,
    Role.SECRETARIAT: (Scope.COMPETITION, Scope.ZONE),
    Role.CHIEF_JUDGE: (Scope.SKILL,),
    Role.JUDGE: (Scope.SKILL,),
    Role.RECORDER: _FLOOR,
    Role.CONFIRMER: _FLOOR,
    Role.ARBITER: _FLOOR,
    Role.KEY_HOLDER: _FLOOR,
    Role.INVIGILATOR: _FLOOR,
    Role.SUPERVISOR: _FLOOR,
    Role.TEAM_LEADER: (Scope.DELEGATION,),
    Role.COMPETITOR: _WHOLE,  # it opens the own entries only, and comes with them
}

# Who can change results, and therefore shows a second factor.
STRONG = frozenset({Role.ORGANISER, Role.SECRETARIAT, Role.CHIEF_JUDGE, Role.ARBITER})
OFFICE = frozenset({Role.ORGANISER, Role.SECRETARIAT})
PANEL = frozenset({Role.CHIEF_JUDGE, Role.JUDGE})
MARKING = PANEL | {Role.RECORDER, Role.CONFIRMER}


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role's name, and in one sentence what it is for."""

    name_zh: str
    name_en: str
    does_zh: str
    does_en: str


WORDS: dict[Role, RoleWords] = {
    Role.ORGANISER: RoleWords(
        "组织者", "organiser", "管理整个大赛和权限，从不评分", "runs the competition, never marks"
    ),
    Role.SECRETARIAT: RoleWords(
        "秘书处", "secretariat", "办公室：人员和进度，从不评分", "the office: people, never marks"
    ),
    Role.CHIEF_JUDGE: RoleWords(
        "裁判长",
        "chief judge",
        "管理赛项计时、分歧、锁定和发布",
        "clock, differences, lock and release",
    ),
    Role.JUDGE: RoleWords(
        "裁判员", "judge", "在平板上评分、打分和复核", "marks, votes and confirms on a tablet"
    ),
    Role.RECORDER: RoleWords(
        "录分员", "recorder", "录入纸质评分表，从不复核", "types in paper sheets, never confirms"
    ),
    Role.CONFIRMER: RoleWords(
        "复核员", "confirmer", "复核录入的评分表，从不录入", "checks what was typed in, never types"
    ),
    Role.ARBITER: RoleWords(
        "仲裁",
        "arbiter",
        "裁决申诉；赛项锁定后可看证据",
        "rules on appeals; sees evidence once a skill is locked",
    ),
    Role.KEY_HOLDER: RoleWords(
        "加密裁判", "key holder", "加密和解密编号，从不评分", "seals and opens codes, never marks"
    ),
    Role.INVIGILATOR: RoleWords(
        "现场裁判",
        "invigilator",
        "赛场：签到、工位、故障",
        "on the floor: check-in, workstations, faults",
    ),
    Role.SUPERVISOR: RoleWords(
        "监督员",
        "supervisor",
        "查看谁有什么权限，不改动",
        "sees who can do what, changes nothing",
    ),
    Role.TEAM_LEADER: RoleWords(
        "领队", "team leader", "管理本代表团的选手", "looks after the competitors of a delegation"
    ),
    Role.COMPETITOR: RoleWords(
        "选手", "competitor", "看试题、提交作品", "reads the task and hands in"
    ),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A role somewhere: in a skill, in a zone, or without either in the whole competition.

    A skill's duty also names the zone that the skill is in, where it has one.
    """

    role: Role
    skill_id: int | None = None
    zone_id: int | None = None

    def meets(self, other: "Duty") -> bool:
        """Whether there is a skill in which both hold."""
        if self.skill_id is not None and other.skill_id is not None:
            return self.skill_id == other.skill_id
        whole = any(one.skill_id is None and one.zone_id is None for one in (self, other))
        return whole or self.zone_id == other.zone_id


@dataclass(frozen=True, slots=True)
class Ties:
    """What binds a person to the competitors of the skills that a duty reaches."""

    competes: bool = False
    coaches: bool = False
    shares_affiliation: bool = False


@dataclass(frozen=True, slots=True)
class _Apart:
    """Two sets of roles that one person never joins, and why."""

    one: frozenset[Role]
    other: frozenset[Role]
    anywhere: bool  # else only where both hold in a skill
    zh: str
    en: str
    lasts: bool = False  # also for who held the one before, and acted under it

    def parts(self, wanted: Duty, held: Duty) -> bool:
        crossed = (wanted.role in self.one and held.role in self.other) or (
            wanted.role in self.other and held.role in self.one
        )
        return crossed and (self.anywhere or wanted.meets(held))


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


APART = (
    _Apart(
        OFFICE,
        MARKING,
        True,
        "管理大赛的人从不评分",
        "whoever runs the competition never marks",
    ),
    _Apart(
        _roles(Role.RECORDER),
        _roles(Role.CONFIRMER),
        False,
        "录分员从不复核",
        "a recorder never confirms",
        lasts=True,
    ),
    _Apart(
        _roles(Role.ARBITER),
        MARKING | {Role.KEY_HOLDER},
        False,
        "仲裁从不裁自己评过的分",
        "an arbiter never rules on what they marked",
        lasts=True,
    ),
    _Apart(
        _roles(Role.KEY_HOLDER),
        MARKING,
        False,
        "知道编号属于谁的人从不评分",
        "who knows whose code it is never marks",
        lasts=True,
    ),
    _Apart(
        _roles(Role.INVIGILATOR),
        PANEL,
        False,
        "看得见工位的人从不在该赛项评分",
        "who sees the workstations never judges there",
    ),
    _Apart(
        _roles(Role.SUPERVISOR),
        MARKING | OFFICE | {Role.ARBITER, Role.KEY_HOLDER},
        False,
        "监督员不能监督自己的工作",
        "a supervisor does not oversee their own work",
    ),
    _Apart(
        _roles(Role.TEAM_LEADER),
        MARKING | {Role.ARBITER, Role.KEY_HOLDER, Role.INVIGILATOR, Role.SUPERVISOR},
        True,
        "领队代表选手一方",
        "a team leader stands on the competitors' side",
    ),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why two duties, or a duty and a tie, do not go together, in both languages."""

    zh: str
    en: str


def conflict(
    wanted: Duty, held: Iterable[Duty], ties: Ties, done: Iterable[Duty] = ()
) -> Conflict | None:
    """What keeps a person who holds `held`, acted under `done` before and is tied to competitors
    by `ties` from `wanted`."""
    for duty in held:
        for apart in APART:
            if apart.parts(wanted, duty):
                return Conflict(
                    f"此人已是{WORDS[duty.role].name_zh}，不能再任{WORDS[wanted.role].name_zh}："
                    f"{apart.zh}",
                    f"This person is {_a(duty.role)} already and cannot be {_a(wanted.role)} as"
                    f" well: {apart.en}",
                )
    for duty in done:
        for apart in APART:
            if apart.lasts and apart.parts(wanted, duty):
                return Conflict(
                    f"此人曾任{WORDS[duty.role].name_zh}并有操作记录，不能再任"
                    f"{WORDS[wanted.role].name_zh}：{apart.zh}",
                    f"This person acted as {_a(duty.role)} before and cannot be {_a(wanted.role)}"
                    f" now: {apart.en}",
                )
    impartial = MARKING | {Role.ARBITER, Role.KEY_HOLDER, Role.INVIGILATOR, Role.SUPERVISOR}
    if ties.competes and wanted.role in impartial:
        return _tied(wanted, "本人是该赛项的选手", "they compete in the skill")
    if ties.coaches and wanted.role in MARKING | {Role.ARBITER, Role.KEY_HOLDER}:
        return _tied(wanted, "本人是该赛项选手的教练", "they coach a competitor of the skill")
    if ties.shares_affiliation and wanted.role is Role.CHIEF_JUDGE:
        return _tied(
            wanted,
            "该赛项有选手来自本人所在的单位",
            "a competitor of the skill comes from their school or company",
        )
    return None


def why_not(
    wanted: Duty, held: Iterable[Duty], ties: Ties, done: Iterable[Duty] = ()
) -> Refusal | None:
    """The refusal of a duty that would be in conflict."""
    found = conflict(wanted, held, ties, done)
    if found is None:
        return None
    return Refusal(
        f"{found.zh}。没有授权。请另选一人，或先结束原来的权限。",
        f"{found.en}. The role was not given. Choose somebody else, or end the other role first.",
    )


def scope_of(skill_id: int | None, zone_id: int | None, delegation_id: int | None) -> Scope | None:
    """The scope that a grant names; None when it names several at once."""
    named = [
        scope
        for scope, number in (
            (Scope.SKILL, skill_id),
            (Scope.ZONE, zone_id),
            (Scope.DELEGATION, delegation_id),
        )
        if number is not None
    ]
    if not named:
        return Scope.COMPETITION
    return named[0] if len(named) == 1 else None


def _tied(wanted: Duty, zh: str, en: str) -> Conflict:
    name = WORDS[wanted.role].name_zh
    return Conflict(f"{zh}，不能任{name}", f"This person cannot be {_a(wanted.role)}: {en}")


def _a(role: Role) -> str:
    name = WORDS[role].name_en
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
