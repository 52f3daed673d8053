"""The verbs of signing: sign sheets, note a competitor who does not, send signed sheets back.

Who signs shows their PIN (`pins.check`) and says what they saw (each sheet's digest): a sheet that
moved since is not signed. Every verb may be repeated without harm.
"""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from competition import clocks, ledger, separation
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import now
from competition.pins import Proof
from competition.rules.refusal import Refusal
from judging import sheet_states
from judging.models import Observation, Reopening, Signature
from judging.rules.signing import CHIEF, COMPETITOR, JUDGE
from judging.sheet_states import Book, Sheet

Key = tuple[int, int]  # entry id, sub-criterion id


def sign_as_judge(skill_id: int, seen: Mapping[Key, str], proof: Proof) -> int:
    """A judge of the panel signs complete sheets; gives how many are newly signed. `seen`: sheet →
    the digest that was on the page."""

    def allowed(session: Session, book: Book) -> None:
        separation.require(session, proof.account_id, Role.JUDGE, skill_id)
        if proof.account_id not in book.found.on_duty:
            raise Refusal(
                "您不在该赛项的裁判组中，没有签字。",
                "You are not on the panel of this skill; nothing was signed.",
                status=403,
            )
        aside = [
            book.found.entries[entry]
            for entry, sub in seen
            if (entry, sub) in book.sheets
            and proof.account_id not in book.found.signers(entry, sub)
        ]
        if aside:
            codes, in_english = listed(list(dict.fromkeys(aside)))
            raise Refusal(
                f"您不评这些作品（{codes}），没有签字。请取消勾选后再签。",
                f"You do not mark these works ({in_english}); nothing was signed. Untick them and"
                " sign again.",
            )

    return _sign(
        skill_id, seen, proof, JUDGE, allowed=allowed, ready=lambda one: one.standing.is_complete
    )


def sign_as_chief(skill_id: int, seen: Mapping[Key, str], proof: Proof) -> int:
    """The chief judge signs last, what everybody else has signed."""

    def allowed(session: Session, book: Book) -> None:
        separation.require(session, proof.account_id, Role.CHIEF_JUDGE, skill_id)

    ready = ("chief", "signed")
    return _sign(
        skill_id, seen, proof, CHIEF, allowed=allowed, ready=lambda one: one.standing.state in ready
    )


def sign_as_competitor(skill_id: int, seen: Mapping[Key, str], proof: Proof) -> int:
    """A competitor signs the sheets of their own work, once the panel has and nobody works any
    more (decisions 4)."""

    def allowed(session: Session, book: Book) -> None:
        if not book.competitor_signs or clocks.situation(session, skill_id, now()).working:
            raise Refusal(
                "该赛项不要求选手签字，或还有选手在比赛，没有签字。",
                "This skill asks for no competitor's signature, or somebody is still working;"
                " nothing was signed.",
            )

    ready = ("competitor", "chief", "signed")
    return _sign(
        skill_id,
        seen,
        proof,
        COMPETITOR,
        allowed=allowed,
        ready=lambda one: one.standing.state in ready,
    )


def excuse_competitor(skill_id: int, sheets: Collection[Key], *, reason: str, actor_id: int) -> int:
    """The chief judge notes that a competitor does not sign, and why."""
    why = stated(reason)
    _refuse_none(sheets)
    with writing() as session:
        _skill(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        book = sheet_states.read(session, skill_id)
        found = [_known(book, key) for key in sheets]
        waiting = [one for one in found if one.standing.state == "competitor"]
        if not waiting:
            raise Refusal(
                "勾选的评分表都不在等待选手签字，没有记录。",
                "None of the ticked sheets waits for its competitor; nothing was noted.",
            )
        return _write(session, skill_id, waiting, role=COMPETITOR, account_id=actor_id, remark=why)


def send_back(
    skill_id: int, sheets: Collection[Key], *, reason: str, actor_id: int, key: str
) -> None:
    """The chief judge opens signed sheets again, alone, while they are not locked; marks given
    from now on bear the star."""
    why = stated(reason)
    _refuse_none(sheets)
    with writing() as session:
        if session.scalar(select(Reopening.id).where(Reopening.key == f"{key}:0")):
            return
        _open_skill(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        book = sheet_states.read(session, skill_id)
        found = [one for one in (_known(book, key_) for key_ in sheets) if _is_signed(book, one)]
        if not found or any(one.is_locked for one in found):
            raise Refusal(
                "没有可退回的已签字评分表（未签字，或评分子项已锁定），什么都没有改变。"
                "已锁定的请申请解锁。",
                "There is no signed sheet to send back (not signed, or its sub-criterion is"
                " locked); nothing was changed. For a locked one, ask to unlock it.",
            )
        for number, one in enumerate(found):
            row = Reopening(
                key=f"{key}:{number}", skill_id=skill_id, scope="sheet", entry_id=one.entry_id,
                subs=[one.sub.id], reason=why, asked_by=actor_id, asked_at=now(),
            )  # fmt: skip
            session.add(row)
            open_again(session, row, actor_id)
        ledger.append(
            session,
            act="sheet.send_back",
            subject=f"skill:{skill_id}",
            body={"sheets": [_named(one) for one in found], "reason": why},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def open_again(session: Session, row: Reopening, agreed_by: int) -> None:
    """Let a reopening take effect inside the caller's transaction: signatures end."""
    row.agreed_by, row.agreed_at = agreed_by, now()
    last = select(func.max(Observation.id)).where(Observation.skill_id == row.skill_id)
    row.after = session.scalar(last) or 0
    session.flush()
    gone = update(Signature).where(
        Signature.skill_id == row.skill_id,
        Signature.sub_criterion_id.in_(row.subs),
        Signature.reopening_id.is_(None),
    )
    if row.entry_id is not None:
        gone = gone.where(Signature.entry_id == row.entry_id)
    session.execute(gone.values(reopening_id=row.id))


def _sign(
    skill_id: int,
    seen: Mapping[Key, str],
    proof: Proof,
    role: str,
    *,
    allowed: Callable[[Session, Book], None],
    ready: Callable[[Sheet], bool],
) -> int:
    with writing() as session:
        _open_skill(session, skill_id)
        book = sheet_states.read(session, skill_id)
        allowed(session, book)
        found = [_known(book, key) for key in seen]
        new = [one for one in found if not _has(one, role, proof.account_id)]
        moved = [one for one in new if seen[one.key] != one.digest]
        early = [one for one in new if not ready(one)]
        if moved or early:
            raise _not_yet(moved or early, bool(moved))
        return _write(
            session, skill_id, new, role=role, account_id=proof.account_id, device=proof.device
        )


def _write(
    session: Session,
    skill_id: int,
    sheets: Collection[Sheet],
    *,
    role: str,
    account_id: int,
    device: str = "",
    remark: str = "",
) -> int:
    if not sheets:
        return 0
    at = now()
    rows = [
        Signature(
            skill_id=skill_id, entry_id=one.entry_id, sub_criterion_id=one.sub.id, role=role,
            account_id=account_id, digest=one.digest, device=device, remark=remark, at=at,
        )
        for one in sheets
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    told = [
        {"signature": row.id, "digest": one.digest, **_named(one)}
        for row, one in zip(rows, sheets, strict=True)
    ]
    ledger.append(
        session,
        act="sheet.sign",
        subject=f"skill:{skill_id}",
        body={"role": role, "device": device, "remark": remark, "sheets": told},
        actor_id=account_id,
        skill_id=skill_id,
    )
    return len(rows)


def named(sheets: Collection[Sheet], most: int = 6) -> tuple[str, str]:
    """Some sheets for a sentence in Chinese and in English, with "…" where there are more."""
    zh, en = listed([f"{one.code} {one.sub.code}" for one in list(sheets)[:most]])
    more = " …" if len(sheets) > most else ""
    return zh + more, en + more


def listed(codes: Collection[str]) -> tuple[str, str]:
    """Codes for a sentence in Chinese and in English."""
    return "、".join(codes), ", ".join(codes)


def _named(one: Sheet) -> dict[str, int]:
    return {"entry": one.entry_id, "sub_criterion": one.sub.id}


def _has(one: Sheet, role: str, account_id: int) -> bool:
    """Whether the signature is there: a judge's own, anybody's of the other two roles."""
    return any(
        given.role == role and (role != JUDGE or given.account == account_id)
        for given in one.signatures
    )


def _is_signed(book: Book, one: Sheet) -> bool:
    return one.key in book.found.closed.signed


def _not_yet(sheets: Collection[Sheet], moved: bool) -> Refusal:
    codes, in_english = named(sheets)
    if moved:
        return Refusal(
            f"您看过之后评分表有改动（{codes}），没有签字。请刷新页面，核对后再签。",
            f"Sheets have changed since you looked at them ({in_english}); nothing was signed."
            " Reload the page, check them and sign again.",
        )
    return Refusal(
        f"还不能签字（{codes}）：评分、复核或前面的签字还没有完成，没有签字。请先完成缺少的部分。",
        f"These cannot be signed yet ({in_english}): marks, confirmation or earlier signatures are"
        " missing. Nothing was signed. Complete what is missing first.",
    )


def _known(book: Book, key: Key) -> Sheet:
    one = book.sheets.get(key)
    if one is None:
        raise Refusal(
            "没有这张评分表，什么都没有改变。请刷新页面。",
            "There is no such sheet; nothing was changed. Reload the page.",
            status=404,
        )
    return one


def _refuse_none(sheets: Collection[Key]) -> None:
    if not sheets:
        raise Refusal(
            "没有勾选评分表，什么都没有改变。请先勾选。",
            "No sheet was ticked; nothing was changed. Tick those that you mean.",
        )


def stated(reason: str) -> str:
    """The reason as it is kept; none is refused."""
    plain = " ".join(reason.replace("\0", "").split())[:500]
    if not plain:
        raise Refusal(
            "没有写明理由，什么都没有改变。请写一句理由。",
            "No reason was given; nothing was changed. Write one sentence why.",
        )
    return plain


def _skill(session: Session, skill_id: int) -> Skill:
    # Locked, so that no mark slips in between the look at a sheet and its signature.
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return skill


def _open_skill(session: Session, skill_id: int) -> Skill:
    skill = _skill(session, skill_id)
    if skill.locked_at is not None:
        raise Refusal(
            "该赛项已锁定，没有改变。需要更改请申请解锁（两人同意并写明理由）。",
            "This skill is locked; nothing was changed. To change it, ask to unlock it (two people"
            " agree, with a reason).",
        )
    return skill
