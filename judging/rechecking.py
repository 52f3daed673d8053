"""抽查: draw which sheets are checked again, note what was found, answer differences; and read it.

What a re-check finds alters no mark: the chief judge lets the marks stand with a reason, or sends
the sheet back. The rule is `rules/sampling.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competition import ledger, separation, skill_rules
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS
from judging import finals, observed, sheet_states, tallies
from judging.cells import Cells
from judging.models import Recheck, RecheckFinding, RecheckSheet
from judging.rules import sampling
from judging.rules.final import Final
from judging.rules.finding import right_mark
from judging.rules.medals import MEDALS
from judging.rules.scheme import NotAMark, two_decimals
from judging.rules.visibility import Shown
from judging.sheet_states import Book, Sheet

Key = tuple[int, int]
MEDAL_PLACES = 3  # the top group where nobody wins anything: the first three places


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet of the sample. `state`: "open", "agrees", "differs" (waits for the chief judge),
    "stands" (the chief judge let the marks stand), "changed" (marked anew since it was checked)."""

    id: int
    why: str
    sheet: Sheet
    state: str
    findings: tuple[RecheckFinding, ...]

    @property
    def is_done(self) -> bool:
        return self.state in ("agrees", "stands")

    def is_replaced(self, finding: RecheckFinding) -> bool:
        """Whether a later word on the sheet, as it stood then, took its place."""
        same = [one for one in self.findings if one.digest == finding.digest]
        return not finding.answer and same[-1] is not finding


@dataclass(frozen=True, slots=True)
class Rechecking:
    """A re-check as it stands. `errors`: sheets with a difference that nobody took back and the
    chief judge did not turn down; `owing`: works that joined the top group since and are not in
    the sample."""

    row: Recheck
    sheets: tuple[Checked, ...]
    errors: int
    owing: tuple[str, ...]

    @property
    def open(self) -> list[Checked]:
        return [one for one in self.sheets if not one.is_done]

    @property
    def is_done(self) -> bool:
        return not self.open and not self.owing

    @property
    def is_unfounded(self) -> bool:
        """All sheets are checked, though what led to it was turned down or taken back since."""
        size = len(self.sheets) - self.why(sampling.ALL)
        return self.row.everything_at is not None and not sampling.too_many(
            self.errors, size, self.row.limit
        )

    def why(self, why: str) -> int:
        """How many sheets are in it for this reason."""
        return sum(one.why == why for one in self.sheets)


def read(session: Session, skill_id: int, book: Book) -> Rechecking | None:
    """The re-check of a skill, or None while none was drawn."""
    row = session.scalar(
        select(Recheck)
        .where(Recheck.skill_id == skill_id)
        .options(selectinload(Recheck.sheets).selectinload(RecheckSheet.findings))
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    known = [one for one in row.sheets if (one.entry_id, one.sub_criterion_id) in book.sheets]
    sheets = tuple(_checked(one, book) for one in known)
    sampled = {(one.sheet.code, one.sheet.sub.id) for one in sheets}
    group = top(session, skill_id, book.found)
    owing = {
        one.code
        for one in book.sheets.values()
        if one.code in group and (one.code, one.sub.id) not in sampled
    }
    return Rechecking(row, sheets, sum(map(_is_error, known)), tuple(sorted(owing)))


def _checked(one: RecheckSheet, book: Book) -> Checked:
    sheet = book.sheets[one.entry_id, one.sub_criterion_id]
    last = one.findings[-1] if one.findings else None
    if last is None:
        state = "open"
    elif last.digest != sheet.digest:
        state = "changed"
    elif not last.differs:
        state = "agrees"
    else:
        state = "stands" if last.answer else "differs"
    return Checked(one.id, one.why, sheet, state, tuple(one.findings))


def _is_error(one: RecheckSheet) -> bool:
    """Of what was found of the sheet as it stood at one time, the last word counts."""
    words = {found.digest: found for found in one.findings}
    return any(found.differs and not found.answer for found in words.values())


def top(session: Session, skill_id: int, found: Cells) -> set[str]:
    """The codes of the top group: who would have a medal by the skill's rules as the marks stand,
    or where there are none to win the first three places; a tie that is open counts in full."""
    lines = standings(session, skill_id, found).lines
    medals = {line.key for line in lines if line.given.award in MEDALS}
    return medals | {
        line.key
        for line in lines
        if line.standing.place is not None
        and line.standing.place <= MEDAL_PLACES
        and (line.standing.needs or not medals)
    }


def standings(session: Session, skill_id: int, found: Cells) -> Final:
    """The places as the marks stand now, by the judges' codes."""
    told = finals.facts(session, [skill_id])[skill_id]
    return finals.standings(found, told, tallies.tallies(found, Shown.ALL), found.entries)


def may_check(account_id: int, found: Cells, sheet: Sheet) -> bool:
    """Who gave no mark of a sheet and does not stand aside from its work."""
    aside = found.panels.stands_aside(account_id, sheet.entry_id)
    return not aside and account_id not in markers(found, sheet)


def markers(found: Cells, sheet: Sheet) -> set[int]:
    """Everybody who gave a mark of a sheet."""
    work = found.works[sheet.entry_id]
    aspects = [one for one in found.aspects if one.sub_criterion_id == sheet.sub.id]
    return {
        seen.judge
        for one in aspects
        for seen in work.seen.get(one.id, ())
        if seen.judge is not None
    }


def draw(skill_id: int, *, actor_id: int) -> None:
    """Draw the sample, once the marks are complete; later add who joined the top group since.

    The seed is the head of the skill's ledger at that moment. It hangs on every mark with its
    server time, so nobody could know it before the last mark was in, nobody chooses it, it is
    drawn once, and whoever has the ledger can draw the same sample again.
    """
    with writing() as session:
        skill = _locked(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        book = sheet_states.read(session, skill_id)
        if not book.sheets or any(not one.standing.is_complete for one in book.sheets.values()):
            raise Refusal(
                "还有评分表没有评完或没有复核，没有抽取。请先完成全部评分与复核。",
                "Some sheets are not marked or not confirmed yet, so nothing was drawn. Complete"
                " all marks and confirmations first.",
            )
        row = session.scalar(select(Recheck).where(Recheck.skill_id == skill_id))
        group = top(session, skill_id, book.found)
        if row is not None:
            new = {one.key: sampling.TOP for one in book.sheets.values() if one.code in group}
            _add(session, row, new, "recheck.extend", actor_id)
            return
        share, limit = _shares(session, skill_id)
        row = Recheck(
            skill_id=skill_id, number=skill.revision, seed=skill.ledger_head, share=share,
            limit=limit, drawn_by=actor_id, at=now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        keys = {(one.code, one.sub.code): one.key for one in book.sheets.values()}
        found = sampling.sample(keys, group, row.seed, share)
        _add(session, row, {keys[one]: why for one, why in found.items()}, "recheck.draw", actor_id)


def note(
    skill_id: int,
    sheet_id: int,
    differs: Collection[Mapping[str, str]],
    *,
    seen: str,
    actor_id: int,
    key: str,
) -> None:
    """What somebody who did not mark the sheet found: nothing in `differs` when all agrees, else
    {"aspect": code, "value": the mark it should have, "reason"} each. `seen`: the digest on the
    page. Until it is answered, who found something may find otherwise: the later row counts."""
    with writing() as session:
        if session.scalar(select(RecheckFinding.id).where(RecheckFinding.key == key)):
            return
        _locked(session, skill_id)
        separation.require(session, actor_id, Role.JUDGE, skill_id)  # as impartial as a judge
        book = sheet_states.read(session, skill_id)
        found = read(session, skill_id, book)
        one = next((one for one in found.sheets if one.id == sheet_id), None) if found else None
        if found is None or one is None:
            raise _no_such()
        if not may_check(actor_id, book.found, one.sheet):
            raise Refusal(
                "不能抽查自己评过的评分表或自己回避的作品，没有保存。请由别人抽查。",
                "You cannot re-check a sheet that you marked, or a work from which you stand"
                " aside; nothing was kept. Somebody else must.",
                status=403,
            )
        if seen != one.sheet.digest:
            raise Refusal(
                "您看过之后这张评分表有改动，没有保存。请刷新页面，再核对一次。",
                "The sheet has changed since you looked at it; nothing was kept. Reload the page"
                " and check it again.",
            )
        if not one.sheet.standing.is_complete:
            raise Refusal(
                "这张评分表还没有评完或没有复核，没有保存。请等评完再抽查。",
                "The sheet is not marked or not confirmed yet; nothing was kept. Check it once it"
                " is.",
            )
        last = one.findings[-1] if one.findings else None
        if one.state == "differs" and last and last.account_id != actor_id:
            raise Refusal(
                "这张评分表已有差异在等裁判长答复，没有保存。请把您发现的告诉裁判长。",
                "A difference on this sheet already waits for the chief judge; nothing was kept."
                " Tell the chief judge what you found.",
            )
        told = [_difference(each, one.sheet, book.found) for each in differs]
        replaced = {"instead_of": last.id} if last and one.state == "differs" else {}
        row = RecheckFinding(
            key=key, sheet_id=sheet_id, account_id=actor_id, digest=seen, differs=told, at=now()
        )
        session.add(row)
        session.flush()
        ledger.append(
            session,
            act="recheck.find",
            subject=f"recheck_sheet:{sheet_id}",
            body={"finding": row.id, "digest": seen, "differs": told, **replaced},
            actor_id=actor_id,
            skill_id=skill_id,
        )
        _escalate(session, skill_id, book)


def answer(skill_id: int, finding_id: int, reason: str, *, actor_id: int) -> None:
    """The chief judge lets the marks stand against a difference, with a reason."""
    plain = _plain(reason, 500)
    if not plain:
        raise Refusal(
            "没有写明理由，没有保存。请写一句理由。",
            "No reason was given; nothing was kept. Write one sentence why.",
        )
    with writing() as session:
        _locked(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        row = session.scalar(
            select(RecheckFinding)
            .join(RecheckSheet)
            .join(Recheck)
            .where(RecheckFinding.id == finding_id, Recheck.skill_id == skill_id)
        )
        if row is None:
            raise _no_such()
        if row.answer or not row.differs:
            return
        found = read(session, skill_id, sheet_states.read(session, skill_id))
        sheets = found.sheets if found else ()
        if not any(one.state == "differs" and one.findings[-1] is row for one in sheets):
            raise Refusal(
                "这个差异已被撤回，或评分表已重新评分，不用答复，没有保存。请刷新页面。",
                "This difference was taken back, or the sheet was marked anew since, so there is"
                " nothing to answer; nothing was kept. Reload the page.",
            )
        row.answer, row.answered_by, row.answered_at = plain, actor_id, now()
        ledger.append(
            session,
            act="recheck.stands",
            subject=f"recheck_finding:{row.id}",
            body={"reason": plain},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def _escalate(session: Session, skill_id: int, book: Book) -> None:
    """More errors than the rule allows: every sheet is checked again."""
    found = read(session, skill_id, book)
    if found is None or found.row.everything_at is not None:
        return
    if sampling.too_many(found.errors, len(found.sheets), found.row.limit):
        found.row.everything_at = now()
        rest = dict.fromkeys(book.sheets, sampling.ALL)
        _add(session, found.row, rest, "recheck.everything", None)


def _add(
    session: Session, row: Recheck, wanted: Mapping[Key, str], act: str, actor_id: int | None
) -> None:
    asked = select(RecheckSheet.entry_id, RecheckSheet.sub_criterion_id)
    there = {(one[0], one[1]) for one in session.execute(asked.where(_of(row)))}
    new = [(key, why) for key, why in wanted.items() if key not in there]
    if not new:
        return
    session.add_all(
        RecheckSheet(recheck_id=row.id, entry_id=entry, sub_criterion_id=sub, why=why)
        for (entry, sub), why in new
    )
    told = [{"entry": entry, "sub_criterion": sub, "why": why} for (entry, sub), why in new]
    ledger.append(
        session,
        act=act,
        subject=f"recheck:{row.id}",
        body={"seed": row.seed, "number": row.number, "share": row.share, "sheets": told},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )


def _of(row: Recheck) -> Any:  # noqa: ANN401 - a column's comparison
    return RecheckSheet.recheck_id == row.id


def _shares(session: Session, skill_id: int) -> tuple[int, int]:
    """Per cent of the rest, and of errors: the skill's rules, else the practice's."""
    rules = skill_rules.current(session, skill_id)
    if rules is None:
        common = PRESETS["provincial"]
        return common["recheck_share"], common["recheck_limit"]
    return rules.recheck_share, rules.recheck_limit


def _difference(said: Mapping[str, str], sheet: Sheet, found: Cells) -> dict[str, str]:
    code, value = _plain(said.get("aspect", ""), 20), _plain(said.get("value", ""), 40)
    reason = _plain(said.get("reason", ""), 300)
    own = {one.code: one for one in found.aspects if one.sub_criterion_id == sheet.sub.id}
    if code not in own or not value or not reason:
        raise Refusal(
            "有差异时，请写明评分点、应为的值和理由，没有保存。",
            "For a difference give the aspect, the value it should have and the reason; nothing"
            " was kept.",
        )
    mark = found.works[sheet.entry_id].marks[own[code].id]
    try:
        one = own[code]
        right = right_mark(value, one.max, one.partial, mark, partial(observed.may_be, one))
    except NotAMark as fault:
        raise Refusal(
            f"{code} 应为的分数：{fault.zh}。没有保存。",
            f"The right mark of {code}: {fault.en}. Nothing was kept.",
        ) from None
    return {"aspect": code, "value": two_decimals(right), "reason": reason}


def _plain(text: str, most: int) -> str:
    return " ".join(text.replace("\0", "").split())[:most]


def _no_such() -> Refusal:
    return Refusal(
        "没有这张抽查的评分表，什么都没有改变。请刷新页面。",
        "There is no such sheet in the re-check; nothing was changed. Reload the page.",
        status=404,
    )


def _locked(session: Session, skill_id: int) -> Skill:
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return skill
