"""The verbs of marking: record what judges observed, confirm, decide, lock, release.

`record` takes whatever a tablet posted. What the rules refuse is kept all the same, as set aside,
and answered with its sentence (decisions 6); a key sent twice is answered as the first time. What
a device posted at once is one ledger row that lists its rows, and one revision of the skill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, union_all
from sqlalchemy.orm import Session

from competition import clocks, ledger, separation
from competition.among import among_those, listed
from competition.database import db, writing
from competition.loading import numbers
from competition.models import Role, Skill
from competition.moment import now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging import devices, kept, locking, noting, questions, rejudged, result_versions
from judging.admission import Admission, Post, Step
from judging.models import Confirmation, Observation

_BOTH = (Observation.__table__.c, Confirmation.__table__.c)
_ANY_KNOWN = Prepared(
    union_all(*(select(rows.id).where(among_those(rows.key, "keys")) for rows in _BOTH))
)
_IS_KNOWN = Prepared(
    union_all(*(select(rows.id).where(rows.key == bindparam("key")) for rows in _BOTH))
)


class Answer(NamedTuple):
    """What became of one post: "taken" or "set_aside", the row's id, and the sentence why not.

    "refused" is what cannot be kept: a key that another judge has used.
    """

    key: str
    state: str
    id: int | None
    sentence: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one device posted at once, in its order.

    `waiting`: how many marks the device says it still holds. `brought_by`: who handed in the file
    that holds them; the device itself was not heard then. `unpaired`: the device was taken out of
    use, so all of them are set aside.
    """

    skill_id: int
    posts: Sequence[Post]
    judge_id: int
    device_id: int | None
    waiting: int = 0
    brought_by: int | None = None
    unpaired: bool = False


def record(parcels: Sequence[Parcel]) -> list[list[Answer]]:
    """Take what devices posted; every post gets an answer, none is dropped. All the parcels are
    one commit: when one of them is refused as a whole, nothing of the others is kept either."""
    moved: list[tuple[int, int]] = []
    # Everybody locks skills in the same order, so that on PostgreSQL no two wait for each other.
    order = sorted(range(len(parcels)), key=lambda at: parcels[at].skill_id)
    try:
        with writing() as session:
            answers = {at: _opened(session, parcels[at], moved) for at in order}
            return [answers[at] for at in range(len(parcels))]
    except BaseException:
        for skill_id, revision in moved:
            kept.forget(db.session(), skill_id, revision)
        raise


def _opened(session: Session, parcel: Parcel, moved: list[tuple[int, int]]) -> list[Answer]:
    """Write one parcel down; the revision that its skill has now goes to `moved`."""
    skill_id, judge_id, device_id = parcel.skill_id, parcel.judge_id, parcel.device_id
    admission = Admission(session, skill_id, judge_id, device_id, unpaired=parcel.unpaired)
    known = _known(session, [post.key for post in parcel.posts], judge_id)
    added = _Added(session, len(parcel.posts))
    answers: list[Answer] = []
    acts: list[dict[str, Any]] = []
    for post in parcel.posts:
        if post.key not in known:
            known[post.key] = _take(added, admission, post, device_id, acts)
        answers.append(known[post.key])
    added.write()
    if device_id is not None and parcel.brought_by is None and not parcel.unpaired:
        devices.heard(session, device_id, parcel.waiting)
    if acts:
        revision = ledger.append(
            session,
            act=kept.MARKS,
            subject=f"device:{device_id}" if device_id else f"account:{judge_id}",
            body={"device": device_id, "marks": acts, **_brought(parcel.brought_by)},
            actor_id=judge_id,
            skill_id=skill_id,
        )
        moved.append((skill_id, revision))
        admission.keep(revision)
    return answers


def _brought(by: int | None) -> dict[str, int]:
    return {} if by is None else {"brought_by": by}


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these keys were posted before."""
    asked = (select(rows.key).where(rows.key.in_(keys)) for rows in _BOTH)
    return set(session.scalars(union_all(*asked)))


def _known(session: Session, keys: Sequence[str], judge_id: int) -> dict[str, Answer]:
    """The answers to keys that were posted before."""
    rows: list[Observation | Confirmation] = []
    if len(keys) == 1:
        found = _IS_KNOWN.rows(session, {"key": keys[0]})
    else:
        found = _ANY_KNOWN.rows(session, {"keys": listed(keys)})
    if found:
        rows += session.scalars(select(Observation).where(Observation.key.in_(keys)))
        rows += session.scalars(select(Confirmation).where(Confirmation.key.in_(keys)))
    return {
        row.key: _answer(row) if row.judge_id == judge_id else _anothers(row.key) for row in rows
    }


def _anothers(key: str) -> Answer:
    sentence = Refusal(
        "这条评分的标识已被使用，没有保存。请再评一次。",
        "The key of this entry is already in use, so it was not kept. Please mark it again.",
    )
    return Answer(key, "refused", None, sentence.as_dict())


class _Row:
    """What was just written, as a model would say it: the values themselves, not a copy."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


class _Added:
    """The rows of one parcel: each has its id at once, and all are written together."""

    def __init__(self, session: Session, most: int) -> None:
        self.session, self.most = session, most
        self.at = now()
        self.free: dict[Any, list[int]] = {}  # table → ids, the next one last
        self.rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in _ADD}

    def row(self, model: type[Observation] | type[Confirmation], values: dict[str, Any]) -> Any:  # noqa: ANN401
        if model not in self.free:
            self.free[model] = numbers(self.session, model, self.most)
        values["id"], values["at"] = self.free[model].pop(), self.at
        self.rows[model].append(values)
        return _Row(values)

    def write(self) -> None:
        for model, rows in self.rows.items():  # a confirmation may name an observation of these
            _ADD[model].many(self.session, rows)


def _take(
    added: _Added,
    admission: Admission,
    post: Post,
    device_id: int | None,
    acts: list[dict[str, Any]],
) -> Answer:
    """Write one post down, note the act, and answer it."""
    post = admission.worked(post)
    step = admission.step(post)
    if step.confirms is not None and step.refusal is None:
        row = added.row(Confirmation, _confirmed(admission, post, step))
        admission.saw(step, row)
        acts.append(noting.confirmed(row, post.device_at))
        return Answer(post.key, "taken", row.id, None)
    row = added.row(Observation, _observed(admission, post, step, device_id))
    admission.saw(step, row)
    acts.append(noting.observed(row, step.before))
    return Answer(post.key, row.state, row.id, row.refusal)


_ADD = {
    model: Prepared(insert(model).values(dict.fromkeys(model.__table__.columns.keys())))
    for model in (Observation, Confirmation)
}


def _confirmed(admission: Admission, post: Post, step: Step) -> dict[str, Any]:
    assert step.confirms is not None
    entry_id, sub_criterion_id, upto = step.confirms
    return {
        "key": post.key,
        "skill_id": admission.skill_id,
        "entry_id": entry_id,
        "sub_criterion_id": sub_criterion_id,
        "judge_id": admission.judge_id,
        "last_observation_id": upto,
    }


def _observed(
    admission: Admission, post: Post, step: Step, device_id: int | None
) -> dict[str, Any]:
    refused = step.refusal is not None
    return {
        "key": post.key,
        "skill_id": admission.skill_id,
        "entry_id": step.entry_id,
        "aspect_id": step.aspect_id,
        "source": "judge",
        "judge_id": admission.judge_id,
        "device_id": device_id,
        "evaluation_id": None,
        "value": post.value,
        "observed": post.observed,
        "round": post.round,
        "base_id": post.base,
        "reason": post.reason,
        "decides": False,
        "device_at": post.device_at,
        "state": "set_aside" if refused else "taken",
        "refusal": step.refusal.as_dict() if step.refusal else None,
        "posted": post.as_dict() if refused else None,
    }


def _answer(row: Observation | Confirmation) -> Answer:
    if isinstance(row, Confirmation):
        return Answer(row.key, "taken", row.id, None)
    return Answer(row.key, row.state, row.id, row.refusal)


def decide(
    skill_id: int, code: str, aspect_id: int, value: int, *, reason: str, actor_id: int, key: str
) -> None:
    """The chief judge chooses between differing entries of one measurement (decisions 5)."""
    if not reason.strip():
        raise Refusal(
            "没有写明理由，裁定没有保存。请写一句理由。",
            "No reason was given, so the decision was not kept. Write one sentence why.",
        )
    with writing() as session:
        if session.scalar(select(Observation).where(Observation.key == key)):
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        admission = Admission(session, skill_id, actor_id)
        entry_id, differing = admission.differing(code, aspect_id)
        before = admission.cells.works[entry_id].marks[aspect_id].value
        if value not in differing:
            raise Refusal(
                "只能在裁判给出的分值中选择，没有改变任何分数。",
                "Only a value that a judge gave can be chosen; no mark was changed.",
            )
        row = Observation(
            key=key,
            skill_id=skill_id,
            entry_id=entry_id,
            aspect_id=aspect_id,
            source="judge",
            judge_id=actor_id,
            value=value,
            reason=reason.strip(),
            decides=True,
            at=now(),
        )
        session.add(row)
        session.flush()
        ledger.append(
            session,
            act="marks.decide",
            subject=f"observation:{row.id}",
            body=noting.observed(row, before),
            actor_id=actor_id,
            skill_id=skill_id,
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """What still stands between a skill and its lock, for one code: aspect codes by trouble."""

    code: str
    unmarked: tuple[str, ...]
    differing: tuple[str, ...]
    unconfirmed: int


def missing(session: Session, skill_id: int) -> list[Missing]:
    """What the lock waits for, code by code; empty when the skill can be locked."""
    found = kept.whole(session, skill_id)
    out = []
    for entry_id, code in found.entries.items():
        work = found.works[entry_id]
        marks = [(aspect, work.marks[aspect.id]) for aspect in found.aspects]
        differing = tuple(
            aspect.code
            for aspect, mark in marks
            if (mark.measured and mark.measured.differing)
            or (mark.ballot and mark.ballot.needs_new_vote)
        )
        unmarked = tuple(
            aspect.code
            for aspect, mark in marks
            if not mark.settled and aspect.code not in differing
        )
        sheets = {aspect.sub_criterion_id for aspect in found.aspects if aspect.kind == "M"}
        unconfirmed = sum(sheet not in work.confirmed for sheet in sheets)
        if unmarked or differing or unconfirmed:
            out.append(Missing(code, unmarked, differing, unconfirmed))
    return out


def lock(skill_id: int, *, actor_id: int) -> None:
    """Close a skill's marks. Refused, with the list, while anything is missing, and while anybody
    works: a lock releases every mark."""
    with writing() as session:
        skill = _skill(session, skill_id)
        if skill.locked_at is not None:
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        if clocks.situation(session, skill_id, now()).working:
            raise Refusal(
                "还有选手在比赛，或还有赛段没有开始，没有锁定。请等全部结束后再锁定。",
                "Somebody is still working, or a working period is still to come, so nothing was"
                " locked. Wait until all have finished.",
            )
        whole = kept.whole(session, skill_id)
        if not whole.entries or not whole.aspects:
            raise Refusal(
                "该赛项还没有评分表或选手，没有可锁定的内容。请先在“赛前准备”中导入评分表。",
                "This skill has no marking scheme or no works yet; there is nothing to lock. Import"
                " the scheme first.",
            )
        if rejudged.open_set(session, skill_id) or questions.unanswered(session, skill_id):
            raise Refusal(
                "还有一批重判没有决定，或有分数疑问没有答复，没有锁定。请先在“重判”和“待处理”中处理。",
                "A rejudging is not decided yet, or a question about a mark has no answer, so"
                " nothing was locked. Settle them under Rejudging and in the needs-you list first.",
            )
        locking.refuse_while_declarations_wait(session, skill_id)
        todo = missing(session, skill_id)
        if todo:
            codes = [one.code for one in todo[:8]]
            raise Refusal(
                f"还有 {len(todo)} 份作品没有评完（{'、'.join(codes)}），没有锁定。请先补齐列出的"
                "评分与复核。",
                f"{len(todo)} works are not finished ({', '.join(codes)}), so nothing was locked."
                " Complete the marks and confirmations that are listed first.",
            )
        locking.refuse_unless_signed(session, skill_id)
        skill.locked_at = now()
        version = result_versions.keep(session, skill_id, actor_id=actor_id)
        ledger.append(
            session,
            act="skill.lock",
            subject=f"skill:{skill_id}",
            body={"version": version},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def _skill(session: Session, skill_id: int) -> Skill:
    # Locked, so that no mark slips in between the look at what is missing and the lock.
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return skill
