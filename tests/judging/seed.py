"""One skill with a scheme of both kinds, three judges, four works, and people with names that can
be told apart from everything else: whatever shows one of them has leaked it."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask_security import hash_password

from competition.database import writing
from competition.models import (
    Account,
    Affiliation,
    Competition,
    Delegation,
    Entry,
    Grant,
    Member,
    Period,
    Person,
    Role,
    Skill,
)
from competition.moment import now
from competition.privacy import identify
from judging import blobs, marking, proposing, releasing, scheme
from judging.admission import Post
from judging.marking import Parcel
from judging.models import CheckRow, Evaluation, Submission
from judging.rules.release import Terms
from judging.rules.scheme_mapping import from_mapping

PASSWORD = "a-judge-for-tests"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080802000000"
    "4b6d29dc0000001049444154789c6360f8cf801561171d941200b8d27f81aa0e8c3a0000000049454e44ae426082"
)


def _text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _measured(zh: str, en: str, maximum: str, **more: object) -> dict[str, object]:
    return {"type": "M", "zh": zh, "en": en, "max": maximum, "section": 1, **more}


RUNGS = [
    _text("低于行业标准，或未做", "Below industry standard, or not attempted"),
    _text("达到行业标准，画面完整", "Meets industry standard; the picture is whole"),
    _text("达到标准，部分方面超出", "Meets the standard and in parts exceeds it"),
    _text("全面超出行业标准，令人难忘", "Wholly exceeds the standard and stays in mind"),
]

SCHEME = {
    "skill": "T17",
    "name": _text("网站设计与开发", "Web Technologies"),
    "sections": [{"number": 1, "name": _text("交付", "Delivery"), "marks": "10.50"}],
    "criteria": [
        {
            "id": "A",
            "name": _text("玩法", "Play"),
            "sub_criteria": [
                {
                    "id": "A1",
                    "name": _text("飞机与射击", "Plane and shooting"),
                    "day": 1,
                    "aspects": [
                        _measured(
                            "方向键移动飞机，四个方向都可到达屏幕边缘",
                            "The arrow keys move the plane to every edge of the screen",
                            "1.50",
                            requirement=_text("四个方向", "All four directions"),
                        ),
                        _measured("空格键发射子弹", "The space bar shoots", "1.00"),
                        _measured(
                            "背景持续滚动", "The scenery keeps moving", "0.50",
                            extra=_text("至少观察 10 秒", "Watch for 10 seconds at least"),
                        ),
                        _measured(
                            "五种声音都能播放", "All five sounds play", "1.00",
                            calculation={
                                "kind": "NUMBER_COMPLETED", "parameters": {"NUM_POSSIBLE": "5"},
                            },
                        ),
                    ],
                },
                {
                    "id": "A2",
                    "name": _text("燃料与计分", "Fuel and score"),
                    "day": 1,
                    "aspects": [
                        _measured("燃料从 15 开始", "Fuel starts at 15", "1.00"),
                        _measured("击中岩石两次加 10 分", "Two hits on a rock give 10", "1.50"),
                    ],
                },
            ],
        },
        {
            "id": "B",
            "name": _text("观感", "Look and feel"),
            "sub_criteria": [
                {
                    "id": "B1",
                    "name": _text("画面与手感", "Picture and feel"),
                    "day": 2,
                    "aspects": [
                        {
                            "type": "J", "zh": "画面的整体印象", "max": "2.00", "section": 1,
                            "en": "Overall impression of the picture", "rungs": RUNGS,
                        },
                        {
                            "type": "J", "zh": "操控的手感", "max": "2.00", "section": 1,
                            "en": "How it feels to steer", "rungs": RUNGS,
                        },
                    ],
                },
            ],
        },
    ],
}  # fmt: skip

# (name, school, delegation zh, delegation en, identity number, alias)
PEOPLE = (
    (
        "欧阳雪松",
        "漠河极光技师学院",
        "大兴安岭代表团",
        "Greater Khingan",
        "232723200301010006",
        "P41",
    ),
    ("司徒望江", "抚远乌苏职业学校", "佳木斯代表团", "Jiamusi", "230833200202029994", "P42"),
    ("夏侯明月", "绥芬河界碑机械厂", "牡丹江代表团", "Mudanjiang", "231081199903039991", "P43"),
    ("慕容听雨", "加格达奇林海中专", "黑河代表团", "Heihe", "231100200504040008", "P44"),
)
CODES = ("K-073", "K-118", "K-246", "K-391")
JUDGES = (("li", "李裁判"), ("wang", "王裁判"), ("zhao", "赵裁判"))


@dataclass
class Seeded:
    """Ids of what was seeded, by the names that tests use."""

    skill: int
    judges: dict[str, int]
    entries: dict[str, int]
    aspects: dict[str, int]
    subs: dict[str, int]
    evaluations: dict[str, int] = field(default_factory=dict)
    devices: dict[str, int] = field(default_factory=dict)
    blobs: dict[str, str] = field(default_factory=dict)

    def post(self, code: str, aspect: str, value: int | None, **more: object) -> Post:
        """A post of one judge (`judge`, a name) on one aspect."""
        judge = self.judges[str(more.pop("judge", "li"))]
        key = str(more.pop("key", f"{judge}-{code}-{aspect}-{next(_numbers)}"))
        plain = key.replace(".", "_")
        return Post(plain, code, judge, self.aspects[aspect], value, **more)  # type: ignore[arg-type]

    def confirm(self, code: str, sub: str, upto: int, judge: str = "wang") -> Post:
        """A confirmation of one sheet."""
        key = f"confirm-{code}-{sub}-{next(_numbers)}"
        who, sheet = self.judges[judge], self.subs[sub]
        return Post(key, code, who, sub_criterion=sheet, upto=upto)

    def give(self, *posts: Post, judge: str = "li") -> list[marking.Answer]:
        """Record posts as the tablet of `judge` would."""
        return marking.record([Parcel(self.skill, posts, self.judges[judge], None)])[0]

    def mark_all(self, code: str, judge: str = "li") -> list[marking.Answer]:
        """Every measurement of a work in full, by one judge."""
        posts = [self.post(code, aspect, value, judge=judge) for aspect, value in FULL.items()]
        return self.give(*posts, judge=judge)


FULL = {"A1.01": 150, "A1.02": 100, "A1.03": 50, "A1.04": 100, "A2.01": 100, "A2.02": 150}
_numbers = iter(range(1, 1_000_000))


def seed(skill_code: str = "T17") -> Seeded:
    """Write it all; the app's context must be pushed. Another skill has judges of its own, whose
    names end in its code, and the same people."""
    hashed = hash_password(PASSWORD)
    with writing() as session:
        skill = Skill(
            code=skill_code, name_zh="网站设计与开发", name_en="Web Technologies",
            sector_zh="信息与通信技术", sector_en="ICT", track="world",
        )  # fmt: skip
        session.add(skill)
        if session.query(Competition).first() is None:
            today = now().date()
            competition = Competition(
                name_zh="技能大赛", name_en="Skills", starts_on=today, ends_on=today
            )
            session.add(competition)
        session.flush()
        judges = {}
        for username, label in (*JUDGES, ("chief", "陈裁判长"), ("stranger", "外人")):
            account = Account(
                username=username if skill_code == "T17" else f"{username}-{skill_code.lower()}",
                label=label, password=hashed, fs_uniquifier=f"{skill_code}-{username}",
            )  # fmt: skip
            session.add(account)
            session.flush()
            judges[username] = account.id
            if username != "stranger":
                role = Role.CHIEF_JUDGE if username == "chief" else Role.JUDGE
                session.add(Grant(account_id=account.id, role=role, skill_id=skill.id))
        entries = {}
        for (name, school, zh, en, number, alias), code in zip(PEOPLE, CODES, strict=True):
            delegation = session.query(Delegation).filter_by(code=f"D-{alias}").first()
            person = session.query(Person).filter_by(name=name).first()
            if delegation is None or person is None:
                delegation = Delegation(code=f"D-{alias}", name_zh=zh, name_en=en)
                person = Person(name=name, affiliation=Affiliation(name=school))
                identify(person, number)
                session.add_all([delegation, person])
                session.flush()
            entry = Entry(
                skill_id=skill.id, delegation_id=delegation.id, code=code, alias=alias,
                workstation=int(alias[1:]) + 900,
            )  # fmt: skip
            session.add(entry)
            session.flush()
            session.add(Member(entry_id=entry.id, person_id=person.id))
            entries[code] = entry.id
        skill_id = skill.id
    automatic = {"A1.01", "A1.02", "A1.03", "A2.02"}
    scheme.adopt(skill_id, from_mapping(SCHEME), actor_id=None, automatic=automatic)
    found = scheme.current(skill_id)
    assert found is not None
    sheets = [sub for criterion in found.criteria for sub in criterion.sub_criteria]
    return Seeded(
        skill_id,
        judges,
        entries,
        {aspect.code: aspect.id for sub in sheets for aspect in sub.aspects},
        {sub.code: sub.id for sub in sheets},
    )


CHECKS = (
    # aspect, check, outcome, title zh, title en, message zh, message en
    (
        "A1.01",
        "move",
        "passed",
        "四个方向移动",
        "Moves four ways",
        "飞机到达四边",
        "Reached all edges",
    ),
    (
        "A1.02",
        "shoot",
        "failed",
        "空格发射",
        "Space shoots",
        "按下空格后没有子弹",
        "No bullet seen",
    ),
    (
        "A1.03",
        "scroll",
        "undetermined",
        "背景滚动",
        "Scenery moves",
        "没有找到画布",
        "No canvas found",
    ),
    (
        "A2.02",
        "rock-1",
        "passed",
        "第一次击中岩石",
        "First hit on a rock",
        "岩石还在",
        "Rock stays",
    ),
    (
        "A2.02",
        "rock-2",
        "failed",
        "第二次击中加 10 分",
        "Second hit gives 10",
        "加了 5 分",
        "Gave 5",
    ),
)
POINTS = {"A1.01": 150, "A1.02": 100, "A1.03": 50, "A2.02": 75}  # of each check
PROPOSALS = {"A1.01": 150, "A1.02": 0, "A2.02": 75}


def judge_by_machine(
    seeded: Seeded,
    code: str,
    proposals: dict[str, int] | None = None,
    pictures: tuple[bytes, ...] = (PNG,),
) -> int:
    """A hand-in of `code` that the sandbox has judged, with its checks and proposals."""
    given = PROPOSALS if proposals is None else proposals
    shots = [blobs.put_bytes(picture) for picture in pictures]
    log = blobs.put_bytes("控制台：GET /欧阳雪松.png 404".replace("欧阳雪松", "sprite").encode())
    with writing() as session:
        period = session.query(Period).filter_by(skill_id=seeded.skill).first()
        if period is None:
            period = Period(
                skill_id=seeded.skill, number=1, name_zh="五小时", name_en="Five hours",
                minutes=300, task="sky-battle", started_at=now() - timedelta(hours=2),
            )  # fmt: skip
            session.add(period)
            session.flush()
        number = next(_numbers)
        submission = Submission(
            key=f"hand-in-{number:08}", receipt=f"R{number}", period_id=period.id,
            entry_id=seeded.entries[code], number=number, name="欧阳雪松-作品.zip", size=1000,
            sha256=log, files=[], announced_at=now(), at=now(),
        )  # fmt: skip
        session.add(submission)
        session.flush()
        evaluation = Evaluation(
            submission_id=submission.id, state="done", verdict="OK", queued_at=now(),
            finished_at=now(),
        )  # fmt: skip
        session.add(evaluation)
        session.flush()
        for position, (aspect, check, outcome, zh, en, says_zh, says_en) in enumerate(CHECKS):
            shot = shots[position % len(shots)]
            session.add(
                CheckRow(
                    evaluation_id=evaluation.id, check=check, aspect=aspect, title_zh=zh,
                    title_en=en, rule="add", points=POINTS[aspect], outcome=outcome,
                    message_zh=says_zh, message_en=says_en, duration_ms=800,
                    evidence=[
                        {"kind": "screenshot", "name": "1.png", "sha256": shot,
                         "media_type": "image/png"},
                        {"kind": "console", "name": "console.txt", "sha256": log,
                         "media_type": "text/plain"},
                        *([] if position else [{"kind": "contact", "name": "contact.png",
                                                "sha256": shot, "media_type": "image/png"}]),
                    ],
                )
            )  # fmt: skip
        proposing.propose(
            session, skill_id=seeded.skill, entry_id=seeded.entries[code],
            evaluation_id=evaluation.id, proposals=given,
        )  # fmt: skip
        seeded.evaluations[code] = evaluation.id
        seeded.blobs.update(picture=shots[0], log=log)
        return evaluation.id


def pair(seeded: Seeded, judge: str = "li") -> str:
    """A device token for one judge's tablet."""
    from judging import devices

    paired = devices.pair(seeded.judges[judge], seeded.skill, name="tablet")
    seeded.devices[judge] = paired.device_id
    return paired.token


def let_out(skill_id: int, policy: str, *, actor_id: int, **terms: object) -> None:
    """The chief judge changes what the public sees, at once."""
    releasing.change(
        [skill_id],
        Terms(str(policy), **terms),
        actor_id=actor_id,
        role=Role.CHIEF_JUDGE,
        key=secrets.token_urlsafe(12),
    )
