"""A team leader answers the extra questions of an entry: the draft, handing in, files, looking.

A draft is kept while somebody types and is no act: nothing counts before it is handed in. Until the
stage's deadline everything may be handed in; afterwards what was never answered still may, and an
answer that stands changes only by a request with a reason (`changes`). While the entries are
locked everything has to be asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import answers, changes, eligibility, entry_locks, forms, ledger
from competition.answers import Answered
from competition.database import writing
from competition.models import AnswerDraft, ChangeKind, ChangeRequest, Entry
from competition.moment import now
from competition.rules import form_answers as rules
from competition.rules.form_answers import Sentence, Unread
from competition.rules.forms import ENTRY, LONGEST, MOST_OPTIONS, Form
from competition.rules.refusal import Refusal

Typed = Mapping[str, Sequence[str]]  # "subject.key" → what stands in its fields


class Unfit(Refusal):
    """Some answers cannot be taken; `wrong`: "subject.key" → the sentence in both languages."""

    def __init__(self, wrong: dict[str, Sentence]) -> None:
        super().__init__(
            f"有 {len(wrong)} 个回答不能接受，没有提交；填写的内容都保留着。请看各问题下面的说明。",
            f"Nothing was handed in: answers that cannot be taken: {len(wrong)}. What you typed is"
            " kept. See below each question.",
            status=422,
        )
        self.wrong = wrong


@dataclass(slots=True)
class Sent:
    """What became of answers: how many were written, the request that waits, if one does, and what
    is missing still."""

    written: int = 0
    request_id: int | None = None
    missing: int = 0


@dataclass(slots=True)
class _Read:
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: dict[str, Sentence] = field(default_factory=dict)


def draft(
    session: Session, entry_id: int, account_id: int
) -> tuple[dict[str, list[str]], AnswerDraft | None]:
    """What somebody is typing for an entry, and its row. Nobody else's draft is shown: it holds
    personal answers in clear."""
    row = session.scalar(
        select(AnswerDraft).where(AnswerDraft.entry_id == entry_id, AnswerDraft.by == account_id)
    )
    return (answers.unseal(row.sealed) if row else {}), row


def keep_draft(entry_id: int, typed: Typed, *, actor_id: int) -> datetime:
    """Keep what is being typed: each field given replaces the one that was kept, the others stay;
    what says the same as the answer that stands is no draft. Gives when it was kept."""
    with writing() as session:
        entry = changes.open_entry(session, entry_id)
        standing = _standing(session, entry)
        fits = {name: list(texts) for name, texts in typed.items() if name in standing}
        if any(len(x) > MOST_OPTIONS or sum(map(len, x)) > LONGEST["long"] for x in fits.values()):
            raise Refusal(
                f"一个回答最多 {LONGEST['long']} 字，这次没有保存。请缩短。",
                f"An answer has at most {LONGEST['long']} characters; this was not saved. Make it"
                " shorter.",
                status=413,
            )
        kept, row = draft(session, entry_id, actor_id)
        differs = {
            name: texts
            for name, texts in (kept | fits).items()
            if [one for one in texts if one] != standing.get(name)
        }
        at, sealed = now(), answers.seal(differs)
        if not differs and row is not None:
            session.delete(row)
        elif row is not None:
            row.sealed, row.at = sealed, at
        elif differs:
            session.add(AnswerDraft(entry_id=entry_id, sealed=sealed, by=actor_id, at=at))
        return at


def send(entry_id: int, typed: Typed, *, reason: str, actor_id: int) -> Sent:
    """Hand in what was typed; questions that were not on the page keep their answers. The same
    once more changes nothing. Raises Unfit where a text is no answer."""
    with writing() as session:
        entry_locks.hold(session)
        entry = changes.open_entry(session, entry_id)
        lock = entry_locks.standings(session, now(), [entry.skill_id])[entry.skill_id]
        form = forms.current(session, entry.skill_id)
        stand = {one.subject.id: one for one in answers.of_entry(session, entry, form)}
        found = _read(form, stand, typed)
        if found.wrong:
            raise Unfit(found.wrong)
        then = _with(form, stand, found.said)
        at_once, asking = _split(
            stand, then, found.said, is_free=is_free(session, entry), is_locked=lock.is_locked
        )
        sent = Sent(sum(map(len, at_once.values())))
        if asking:
            sent.request_id = _ask(session, entry, asking, reason, actor_id).id
        if at_once:
            answers.write(session, entry, at_once)
            body = {"keys": {id_: sorted(own) for id_, own in at_once.items()}}
            subject = f"entry:{entry.id}"
            ledger.append(
                session, act="answers.send", subject=subject, body=body, actor_id=actor_id
            )
            eligibility.judge_in(session, entry.skill_id, actor_id)
        sent.missing = entry.answers_missing
        row = draft(session, entry_id, actor_id)[1]
        if row is not None:
            session.delete(row)
        return sent


def is_free(session: Session, entry: Entry) -> bool:
    """Whether answers that stand may be changed without a request."""
    return ChangeKind.ANSWERS in changes.free_kinds(session, entry)


def ask_paper(entry_id: int, answers_to: str, paper_id: int, *, reason: str, actor_id: int) -> None:
    """After the deadline: ask that a paper be the answer to a question that has one."""
    wanted = {"papers": {answers_to: paper_id}}
    changes.ask(entry_id, ChangeKind.ANSWERS, wanted, reason=reason, actor_id=actor_id)


def show(entry_id: int, *, reason: str, actor_id: int) -> None:
    """Note that the personal answers of an entry are looked at, and why."""
    if not reason.strip():
        raise Refusal(
            "请写明查看个人信息的原因，内容没有显示。",
            "Say why you need the personal answers; they were not shown.",
            status=422,
        )
    with writing() as session:
        ledger.append(
            session,
            act="answers.show",
            subject=f"entry:{entry_id}",
            body={"reason": reason.strip()[:200]},
            actor_id=actor_id,
        )


def preview(form: Form, stand: Sequence[Answered], typed: Typed) -> list[Answered]:
    """How an entry would stand if what is typed counted: which questions show, what is missing.
    A text that is no answer counts as none."""
    by_id = {one.subject.id: one for one in stand}
    said = _read(form, by_id, typed).said
    return list(_with(form, by_id, said).values())


def _standing(session: Session, entry: Entry) -> dict[str, list[str]]:
    """The name of every question of an entry → the texts of its answer."""
    form = forms.current(session, entry.skill_id)
    return {
        f"{one.subject.id}.{question.key}": rules.texts(one.said.get(question.key))
        for one in answers.of_entry(session, entry, form)
        for question in form.fields
        if one.subject.role in question.roles
    }


def _read(form: Form, stand: Mapping[str, Answered], typed: Typed) -> _Read:
    """Answers by subject and key of all fields on the page; wrong only where the question shows."""
    found = _Read()
    unread: dict[str, Sentence] = {}
    for id_ in stand:
        own = found.said.setdefault(id_, {})
        for question in form.fields:
            name = f"{id_}.{question.key}"
            if name not in typed or question.kind == "file":
                continue
            try:
                own[question.key] = rules.read(question, typed[name])
            except Unread as why:
                zh, en = why.args
                own[question.key], unread[name] = None, (zh, en)
    shows = {
        f"{one.subject.id}.{question.key}"
        for one in _with(form, stand, found.said).values()
        for question in one.asked
    }
    found.wrong = {name: why for name, why in unread.items() if name in shows}
    return found


def _with(
    form: Form, stand: Mapping[str, Answered], said: Mapping[str, Mapping[str, Any]]
) -> dict[str, Answered]:
    merged = {
        id_: {k: v for k, v in (one.said | dict(said.get(id_, {}))).items() if v is not None}
        for id_, one in stand.items()
    }
    whole = merged.get(ENTRY, {})
    found = {}
    for id_, one in stand.items():
        role, own = one.subject.role, merged[id_]
        asked = rules.asked(form, role, own, whole)
        lacking = rules.missing(form, role, own, whole, one.files)
        found[id_] = Answered(one.subject, own, one.files, asked, lacking)
    return found


def _split(
    stand: Mapping[str, Answered],
    then: Mapping[str, Answered],
    said: Mapping[str, Mapping[str, Any]],
    *,
    is_free: bool,
    is_locked: bool,
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """What changes at once, and what has to be asked for. What does not show is taken away."""
    at_once: dict[str, dict[str, Any]] = {}
    asking: dict[str, dict[str, Any]] = {}
    for id_, one in then.items():
        shows, before = {question.key for question in one.asked}, stand[id_].said
        for key in said.get(id_, {}):
            value = one.said.get(key) if key in shows else None
            if value == before.get(key):
                continue
            late = is_locked or (not is_free and before.get(key) is not None)
            (asking if late else at_once).setdefault(id_, {})[key] = value
    return at_once, asking


def _ask(
    session: Session,
    entry: Entry,
    asking: Mapping[str, Mapping[str, Any]],
    reason: str,
    actor_id: int,
) -> ChangeRequest:
    wanted = {"said": {id_: dict(own) for id_, own in asking.items()}}
    for other in changes.waiting_of(session, entry.id, ChangeKind.ANSWERS):
        if changes.opened(other).get("said") == wanted["said"]:
            return other  # a double tap
    return changes.ask_in(
        session, entry, ChangeKind.ANSWERS, wanted, reason=reason, actor_id=actor_id
    )
