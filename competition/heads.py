"""The heads of all chains, signed (Ed25519), and the daily file of them in PODIUM_DATA/heads/.

Whoever keeps such a file elsewhere can prove later that nothing before it was cut off, even by
somebody who may write to the database and knows how hashes are made. The key is a file in
PODIUM_DATA, made at first need; the ledger notes the public key, and pages and bundles show it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from competition import key_files, ledger, verify_ledger
from competition.database import db, writing
from competition.models import Competition, LedgerRow, Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from competition.verify_ledger import Fault, Names

KEY_FILE, FOLDER, NOTED = "ledger.key", "heads", "ledger.key"
HALL = ZoneInfo("Asia/Shanghai")  # a day is the hall's day
Signed = dict[str, Any]


def public_key(*, new: bool = False) -> str:
    """The public key, hexadecimal, noted in the ledger. A key is made when there never was one;
    where one is noted but its file is gone, only when `new` is asked for."""
    path, keys = _key_file(), noted_keys(db.session())
    if keys and not path.exists() and not new:
        raise Refusal(
            f"台账已记有签名公钥，但私钥文件 {path} 不在了，没有签名。请从备份恢复；确实丢失时，"
            "用 podium ledger heads --new-key 换一把新的（台账会记下）。",
            f"The ledger notes a key already, but its file {path} is gone; nothing was signed."
            " Restore it from a backup or, when it is lost, make a new one with podium ledger"
            " heads --new-key (the ledger will say so).",
        )
    key = _key().public_key().public_bytes_raw().hex()
    if key not in keys:
        with writing() as session:
            if session.scalars(select(Competition.id)).first() is None:
                raise Refusal(
                    "还没有建立大赛，没有可签名的台账。请先运行 podium init 或 podium demo。",
                    "No competition was founded yet, so there is no ledger to sign. Run podium"
                    " init or podium demo first.",
                )
            ledger.append(
                session, act=NOTED, subject="ledger", body={"public_key": key}, actor_id=None
            )
    return key


def noted_keys(session: Session) -> list[str]:
    """The public keys that the ledger notes, the present one last."""
    asked = select(LedgerRow.body).where(LedgerRow.act == NOTED, LedgerRow.skill_id.is_(None))
    return [str(body["public_key"]) for body in session.scalars(asked.order_by(LedgerRow.number))]


def _key_file() -> Path:
    return Path(current_app.config["PODIUM_DATA"]) / KEY_FILE


def _key() -> Ed25519PrivateKey:
    secret = key_files.kept(_key_file())
    if len(secret) < 32:
        raise Refusal(
            f"{_key_file()} 不是台账签名密钥（少于 32 个字符），没有签名。请恢复原来的文件。",
            f"{_key_file()} is not a key of the ledger (fewer than 32 characters); nothing was"
            " signed. Restore the former file.",
        )
    seed = hmac.digest(secret.encode(), b"podium ledger", hashlib.sha256)
    return Ed25519PrivateKey.from_private_bytes(seed)


def signed(statement: dict[str, Any]) -> Signed:
    """A statement with its signature."""
    signature = _key().sign(verify_ledger.canonical(statement)).hex()
    key = _key().public_key().public_bytes_raw().hex()
    return {"statement": statement, "public_key": key, "signature": signature}


def statement(session: Session, before: datetime | None = None) -> dict[str, Any]:
    """The heads of all chains now, or as they were at a moment that is past."""
    last = select(LedgerRow.skill_id, func.max(LedgerRow.number).label("number"))
    if before is not None:
        last = last.where(LedgerRow.at < before)
    newest = last.group_by(LedgerRow.skill_id).subquery()
    asked = select(LedgerRow.skill_id, LedgerRow.number, LedgerRow.hash).join(
        newest,
        LedgerRow.skill_id.is_not_distinct_from(newest.c.skill_id)
        & (LedgerRow.number == newest.c.number),
    )
    heads = {chain: (number, head) for chain, number, head in session.execute(asked)}
    if before is None:  # what the owners say counts: a chain that was cut must not be signed
        heads = {chain: ledger.end(session, chain) for chain, _name in chains(session)}
    return {
        "format": "podium-heads/1",
        "at": iso(now()),
        "chains": [
            {"chain": chain, "name": name, "number": number, "head": head}
            for chain, name in chains(session)
            for number, head in [heads.get(chain, (0, ""))]
        ],
    }


def chains(session: Session) -> list[tuple[int | None, str]]:
    """Every chain with its name: the competition's, then the skills' by code."""
    skills = session.execute(select(Skill.id, Skill.code).order_by(Skill.code))
    return [(None, "competition"), *((number, code) for number, code in skills)]


def write_day(day: date | None = None, *, new_key: bool = False) -> tuple[Path, Signed]:
    """Sign the heads of a day (today's as they are now) into its file. A file of a whole day is
    never written again, and nothing is signed while an earlier file does not fit the chains."""
    today = now().astimezone(HALL).date()
    wanted = day or today
    if wanted > today:
        raise Refusal(
            f"{wanted} 还没有到，没有写入链首。", f"{wanted} is yet to come; no heads were written."
        )
    session = db.session()
    begun = (session.scalar(select(func.min(LedgerRow.at))) or now()).astimezone(HALL).date()
    if wanted < begun:
        raise Refusal(
            f"台账从 {begun} 开始，{wanted} 还没有任何记录，没有写入链首。请给出 {begun} 或之后的"
            "日期。",
            f"The ledger begins on {begun} and has nothing of {wanted}; no heads were written. Give"
            f" {begun} or a later day.",
        )
    public_key(new=new_key)
    over = datetime.combine(wanted + timedelta(days=1), time(), HALL)
    path = folder() / f"{wanted.isoformat()}.json"
    found = dict(days()).get(wanted.isoformat())
    if found is not None and wanted < today and found["statement"]["at"] >= str(iso(over)):
        return path, found
    faults = [one for day in check_days(session).values() for one in day]
    if faults:
        raise Refusal(
            f"台账与以前签过的链首不符，没有签名：{faults[0].zh}请运行 podium ledger verify 查看。",
            f"The ledger does not fit heads that were signed before, so nothing was signed."
            f" {faults[0].en} See podium ledger verify.",
        )
    made = signed(
        {**statement(session, over if wanted < today else None), "day": wanted.isoformat()}
    )
    key_files.replace(path, plain(made))
    return path, made


def plain(document: object) -> bytes:
    """JSON for people to read, too."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def folder() -> Path:
    """Where the daily files lie."""
    return Path(current_app.config["PODIUM_DATA"]) / FOLDER


def files() -> list[Path]:
    """The daily files, the oldest first."""
    return sorted(folder().glob("[0-9]*.json"))


def days() -> Iterator[tuple[str, Signed]]:
    """What the daily files say; one that cannot be read counts as one without a signature."""
    for path in files():
        try:
            found = json.loads(path.read_bytes())
            whole = isinstance(found, dict) and verify_ledger.heads_of(found["statement"])
        except (OSError, ValueError, KeyError, TypeError):
            whole = False
        yield path.stem, found if whole else {"statement": {"chains": [], "at": ""}}


def check_days(session: Session) -> dict[str, list[Fault]]:
    """Day → why its file is no proof: it cannot be read, bears no signature of ours, or the chains
    do not hold what it says. Without an entry for a day all is well."""
    names = Names({"chain": {str(chain): name for chain, name in chains(session)}})
    keys = noted_keys(session)
    faults = {day: list(_faults(session, day, found, keys, names)) for day, found in days()}
    return {day: found for day, found in faults.items() if found}


def _faults(
    session: Session, day: str, found: Signed, keys: list[str], names: Names
) -> Iterator[Fault]:
    what = f"{FOLDER}/{day}.json"
    wanted = verify_ledger.heads_of(found["statement"])
    if not wanted:
        yield Fault(
            "heads", None,
            f"{what} 损坏或无法读取。请从另存的副本恢复；没有副本时，移走该文件，再运行"
            f" podium ledger heads --day {day}，按现有台账重新签名。",
            f"{what} is damaged or cannot be read. Restore it from the copy that is kept elsewhere;"
            f" without one, move it away and run podium ledger heads --day {day}, which signs the"
            " day anew by the ledger as it stands.",
        )  # fmt: skip
        return
    key = str(found.get("public_key"))
    if key not in keys:
        yield Fault(
            "heads", None,
            f"{what} 用 {key[:16]}… 签名，本台账没有记过这把公钥：它来自另一个数据库或另一届大赛。"
            "请核对后移走该文件。",
            f"{what} is signed with {key[:16]}…, a key that this ledger never noted: it comes from"
            " another database or competition. Look into it, then move the file away.",
        )  # fmt: skip
        return
    yield from verify_ledger.check_signature(found, key, what)
    yield from verify_ledger.check_heads(found["statement"], what, _hashes(session, wanted), names)


def _hashes(
    session: Session, wanted: dict[int | None, tuple[int, str]]
) -> dict[tuple[int | None, int], str]:
    """The hashes of these rows of the chains, as far as the chains have them."""
    each = (
        LedgerRow.skill_id.is_not_distinct_from(chain) & (LedgerRow.number == number)
        for chain, (number, _head) in wanted.items()
    )
    asked = select(LedgerRow.skill_id, LedgerRow.number, LedgerRow.hash).where(or_(*each))
    return {(chain, number): found for chain, number, found in session.execute(asked)}
