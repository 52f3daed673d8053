"""A person's own data as a pack: a zip with everything that is kept of them, readable by people
(an index in each language) and by programs (JSON), and the files themselves.

Other packages add what they keep (`sources`, put together in app.py): this one knows no hand-ins.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Flask, current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from competition import (
    answers,
    judge_photos,
    judge_register,
    ledger,
    papers,
    retention,
    sealed_files,
)
from competition.database import db, writing
from competition.models import (
    Account,
    Coach,
    Entry,
    EvidenceFile,
    JudgeRecord,
    Member,
    Person,
    SignIn,
)
from competition.moment import iso, now
from competition.offload import offload
from competition.privacy import ID_NUMBER, PHONE, vault
from competition.rules.duties import WORDS, Role
from competition.rules.refusal import Refusal

IN_MEMORY = 8 * 1024 * 1024  # bytes; a larger pack goes to the disk


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the person's own: where in the pack, its bytes or where they lie."""

    name: str
    content: bytes | Path


Source = Callable[[Session, int], tuple[Mapping[str, Any], Iterable[OwnFile]]]


def register(app: Flask, *sources: Source) -> None:
    """Say who else keeps something of a person: gives JSON and files for a person's id."""
    app.extensions["podium_pack"] = sources


def of_person(person_id: int, *, actor_id: int | None) -> IO[bytes]:
    """The pack of a person; that it was made is an act."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise Refusal(
            "没有这个人，或其信息已经删除，没有生成数据包。",
            "There is no such person, or they were erased; no pack was made.",
            status=404,
        )
    accounts = list(db.session.scalars(select(Account).where(Account.person_id == person_id)))
    return _packed(person, accounts, f"person:{person_id}", actor_id)


def of_account(account: Account) -> IO[bytes]:
    """The pack of whoever holds an account, by themselves."""
    if account.person_id is not None:
        return of_person(account.person_id, actor_id=account.id)
    return _packed(None, [account], f"account:{account.id}", account.id)


def _packed(
    person: Person | None, accounts: list[Account], subject: str, actor_id: int | None
) -> IO[bytes]:
    session = db.session()
    data: dict[str, Any] = {"made_at": iso(now()), "kept_until": _until(session)}
    files: list[OwnFile] = []
    if person is not None:
        data |= {"person": _person(person), "entries": _entries(session, person.id)}
        data["coached_entries"] = list(
            session.scalars(select(Coach.entry_id).where(Coach.person_id == person.id))
        )
        data["answers"] = _answers(session, person)
        data |= judge_register.of_person(session, person.id)
        data["evidence"], files = _evidence(session, person.id)
        files += _photo(session, person.id)
        for source in current_app.extensions.get("podium_pack", ()):
            more, own = source(session, person.id)
            data |= more
            files += own
    data["accounts"] = [_account(session, one) for one in accounts]
    with writing() as opened:
        ledger.append(opened, act="person.pack", subject=subject, body={}, actor_id=actor_id)
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller's
    offload(_write, out, data, files)
    out.seek(0)
    return out


def _write(out: IO[bytes], data: dict[str, Any], files: list[OwnFile]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in ("zh", "en"):
            archive.writestr(f"index.{language}.html", _index(data, files, language))
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        for file in files:
            if isinstance(file.content, bytes):
                archive.writestr(file.name, file.content)
            elif file.content.is_file():
                archive.write(file.content, file.name)


# What is kept


def _until(session: Session) -> str | None:
    until = retention.read(session).until
    return until.isoformat() if until else None


def _person(person: Person) -> dict[str, Any]:
    safe = vault()
    return {
        "id": person.id,
        "name": person.name,
        "sex": person.sex,
        "identity_number": safe.open(ID_NUMBER, person.id_sealed) if person.id_sealed else None,
        "phone": safe.open(PHONE, person.phone_sealed) if person.phone_sealed else None,
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "affiliation": person.affiliation.name if person.affiliation else None,
    }


def _entries(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Never the code that judges see of a blind skill: whose it is opens with the seal only."""
    rows = session.execute(
        select(Entry, Member)
        .join(Member, Member.entry_id == Entry.id)
        .where(Member.person_id == person_id)
        .order_by(Entry.id)
    )
    return [
        {
            "entry": entry.id,
            "skill": entry.skill.code,
            "skill_zh": entry.skill.name_zh,
            "skill_en": entry.skill.name_en,
            "delegation_zh": entry.delegation.name_zh,
            "delegation_en": entry.delegation.name_en,
            "state": entry.state,
            "reserve": entry.is_reserve,
            "status": member.status,
            "years_in_the_province": member.local_years,
            "earlier_medals": member.medals,
            "coaches": [coach.name for coach in entry.coaches],
        }
        for entry, member in rows
    ]


def _answers(session: Session, person: Person) -> list[dict[str, Any]]:
    """What was answered of the person, as competitor or coach, and of entries that are theirs
    alone."""
    coached = select(Coach.entry_id).where(Coach.person_id == person.id)
    own = select(Member.entry_id).where(Member.person_id == person.id)
    entries = session.scalars(
        select(Entry).where(or_(Entry.id.in_(own), Entry.id.in_(coached))).order_by(Entry.id)
    )
    found = []
    for entry in entries:
        coaches = {answers.of_coach(x.name) for x in entry.coaches if x.person_id == person.id}
        is_alone = [one.person_id for one in entry.members] == [person.id]
        for one in answers.of_entry(session, entry):
            its = one.subject
            if not (its.person_id == person.id or its.id in coaches or (is_alone and not its.name)):
                continue
            for question in one.asked:
                zh, en = one.shown(question, opened=True)
                if zh:
                    words = {"question_zh": question.zh, "question_en": question.en}
                    words |= {"answer_zh": zh, "answer_en": en}
                    found.append({"entry": entry.id, **words})
    return found


def _evidence(session: Session, person_id: int) -> tuple[list[dict[str, Any]], list[OwnFile]]:
    """Papers of the entries in which the person is alone: a team's may show somebody else."""
    rows = session.scalars(
        select(EvidenceFile)
        .join(Member, Member.entry_id == EvidenceFile.entry_id)
        .where(Member.person_id == person_id)
        .order_by(EvidenceFile.id)
    ).all()
    listed, files = [], []
    for row in rows:
        entry = session.get_one(Entry, row.entry_id)
        name = f"evidence/{row.kind}-{row.id}{papers.ENDINGS.get(row.media_type, '')}"
        there = row.kept_as is not None and len(entry.members) == 1
        listed.append(
            {
                "entry": row.entry_id,
                "kind": row.kind,
                "at": iso(row.at),
                "removed_at": iso(row.removed_at),
                "file": name if there else None,
            }
        )
        if there:
            files.append(OwnFile(name, sealed_files.read(papers.SEALED_AS, row.kept_as or "")))
    return listed, files


def _photo(session: Session, person_id: int) -> list[OwnFile]:
    """The photo of their card as a judge."""
    name = session.scalar(select(JudgeRecord.photo).where(JudgeRecord.person_id == person_id))
    if name is None:
        return []
    photo = judge_photos.read(name)
    return [OwnFile(f"judge{judge_photos.TYPES[photo.media_type]}", photo.data)]


def _account(session: Session, account: Account) -> dict[str, Any]:
    signed_in = session.scalars(
        select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id)
    )
    return {
        "name": account.username,
        "label": account.label,
        "language": account.language,
        "roles": [
            {
                "role": grant.role,
                "skill": grant.skill.code if grant.skill else None,
                "since": iso(grant.since),
                "until": iso(grant.until),
                "ended_at": iso(grant.ended_at),
            }
            for grant in account.grants
        ],
        "sign_ins": [
            {"at": iso(one.at), "last_seen": iso(one.seen_at), "browser": one.device}
            for one in signed_in
        ],
    }


# The index that people read

_TITLE = {"zh": "我的个人信息", "en": "My personal data"}
_HEADS = {
    "person": ("本人", "Person"),
    "entries": ("报名", "Entries"),
    "coached_entries": ("执教的报名", "Entries that I coached"),
    "answers": ("补充信息", "Extra questions"),
    "judge": ("裁判库", "Judge register"),
    "declarations": ("利害关系申报", "Declarations"),
    "evidence": ("证明材料", "Evidence"),
    "submissions": ("提交的作品", "Hand-ins"),
    "accounts": ("账号", "Accounts"),
}
_NAMES = {
    "name": ("姓名", "name"),
    "identity_number": ("证件号码", "identity number"),
    "phone": ("电话", "telephone"),
    "born_on": ("出生日期", "born on"),
    "sex": ("性别", "sex"),
    "affiliation": ("单位", "school or company"),
    "skill": ("赛项", "skill"),
    "state": ("状态", "state"),
    "status": ("身份", "status"),
    "coaches": ("教练", "coaches"),
    "question_zh": ("问题（中文）", "question (Chinese)"),
    "question_en": ("问题（英文）", "question (English)"),
    "answer_zh": ("回答（中文）", "answer (Chinese)"),
    "answer_en": ("回答（英文）", "answer (English)"),
    "kind": ("种类", "kind"),
    "at": ("时间", "time"),
    "file": ("文件", "file"),
    "role": ("角色", "role"),
    "roles": ("角色", "roles"),
    "sign_ins": ("登录", "sign-ins"),
    "label": ("称呼", "called"),
}


def _index(data: dict[str, Any], files: list[OwnFile], language: str) -> str:
    which = ("zh", "en").index(language)
    until = data["kept_until"]
    lead = (
        f"生成于 {data['made_at']}。证件号码和材料保存到 {until or '（未设置）'}。"
        "完整内容见 data.json。",
        f"Made at {data['made_at']}. Identity numbers and evidence are kept until"
        f" {until or '(not set)'}. Everything is in data.json.",
    )[which]
    parts = [f"<h1>{_TITLE[language]}</h1><p>{escape(lead)}</p>"]
    for key, names in _HEADS.items():
        if data.get(key):
            parts.append(f"<h2>{names[which]}</h2>{_shown(data[key], which)}")
    listed = "".join(
        f'<li><a href="{escape(one.name)}">{escape(one.name)}</a></li>' for one in files
    )
    parts.append(f"<h2>{('文件', 'Files')[which]}</h2><ul>{listed or '<li>—</li>'}</ul>")
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{_TITLE[language]}</title><body>{''.join(parts)}</body></html>"
    )


def _shown(value: Any, which: int) -> str:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, list):
        return "<ul>" + "".join(f"<li>{_shown(one, which)}</li>" for one in value) + "</ul>"
    if isinstance(value, Mapping):
        rows = (
            f"<dt>{escape(_NAMES[key][which] if key in _NAMES else key)}</dt>"
            f"<dd>{_shown(one, which)}</dd>"
            for key, one in value.items()
            if one not in (None, "", [])
        )
        return f"<dl>{''.join(rows)}</dl>"
    if value in set(Role):
        words = WORDS[Role(value)]
        return escape((words.name_zh, words.name_en)[which])
    return escape(str(value))
