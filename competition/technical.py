"""The technical file of a skill: publishing a version, confirming that one read it, who has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from competition import documents, ledger
from competition.database import writing
from competition.models import (
    Account,
    Delegation,
    Entry,
    EntryState,
    Grant,
    Role,
    Skill,
    TechnicalFile,
    TechnicalReading,
)
from competition.moment import now
from competition.rules import technical as rules
from competition.rules.duties import PANEL
from competition.rules.refusal import Refusal

HALL = ZoneInfo("Asia/Shanghai")  # a day begins when it begins in the hall
LONGEST = 100_000  # characters
MOST_BYTES = 20 * 1024 * 1024
OUT = (EntryState.WITHDRAWN, EntryState.NOT_ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who should read it, or did; `role` is empty when it was no duty of theirs."""

    label: str
    role: str
    delegation: Delegation | None
    read_at: datetime | None


def today() -> date:
    """The day in the hall."""
    return now().astimezone(HALL).date()


def versions(session: Session, skill_id: int) -> list[TechnicalFile]:
    """Every version, the newest first; those whose day is yet to come too."""
    asked = select(TechnicalFile).where(TechnicalFile.skill_id == skill_id)
    return list(session.scalars(asked.order_by(TechnicalFile.version.desc())))


def public(session: Session, skill_id: int) -> list[TechnicalFile]:
    """The versions that came out, the newest first."""
    return rules.public(versions(session, skill_id), today())


def skills_with_one(session: Session, skill_ids: Sequence[int]) -> set[int]:
    """The skills of which a version is public. The last version's day may be ahead, an earlier
    one's past: one day that came is enough."""
    asked = select(TechnicalFile.skill_id).where(
        TechnicalFile.skill_id.in_(skill_ids), TechnicalFile.publish_on <= today()
    )
    return set(session.scalars(asked.distinct()))


def publish(
    skill_id: int,
    body: str,
    *,
    reason: str,
    publish_on: date | None,
    pdf: bytes,
    keeps_pdf: bool,
    actor_id: int,
) -> int:
    """Make a new version, public from a day; gives its number. `keeps_pdf`: without a new PDF the
    one of the version before stays. The very same once more changes nothing."""
    text = "\n".join(body.splitlines()).strip()
    day = _checked(text, reason, publish_on, pdf)
    kept = documents.keep(pdf) if pdf else None
    with writing() as session:
        if session.get(Skill, skill_id) is None:
            raise _not_kept("没有这个赛项", "There is no such skill", 404)
        before = next(iter(versions(session, skill_id)), None)
        attached, size = kept, len(pdf)
        if kept is None and keeps_pdf and before is not None:
            attached, size = before.attached, before.attached_size
        same = before is not None and (before.body, before.attached) == (text, attached)
        if before is not None and same and before.publish_on <= day:
            return before.version
        if before is not None and not reason.strip():
            raise _not_kept(
                "请写明这一版改了什么，领队和裁判会看到",
                "Say what this version changes; team leaders and judges read it",
            )
        row = TechnicalFile(
            skill_id=skill_id,
            version=before.version + 1 if before else 1,
            body=text,
            reason=reason.strip(),
            attached=attached,
            attached_size=size,
            publish_on=day,
            made_by=actor_id,
            at=now(),
        )
        session.add(row)
        session.flush()
        ledger.append(
            session,
            act="technical.publish",
            subject=f"technical_file:{row.id}",
            body={"version": row.version, "publish_on": day.isoformat(), "attached": attached},
            actor_id=actor_id,
            skill_id=skill_id,
        )
        return row.version


def confirm(skill_id: int, version: int, *, actor_id: int) -> None:
    """Say that one read the newest version. Once more changes nothing; of an older one it is
    refused, for it would say nothing of what counts."""
    with writing() as session:
        newest = next(iter(public(session, skill_id)), None)
        if newest is None or newest.version != version:
            raise Refusal(
                "技术文件已有新的版本，或尚未公布，没有记为已读。请打开最新版本再确认。",
                "There is a newer version of the technical file, or none yet; nothing was noted."
                " Open the newest one and confirm again.",
            )
        if _reading(session, newest.id, actor_id) is not None:
            return
        session.add(TechnicalReading(file_id=newest.id, account_id=actor_id, at=now()))
        ledger.append(
            session,
            act="technical.read",
            subject=f"technical_file:{newest.id}",
            body={"version": version},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def read_at(session: Session, file_id: int, account_id: int) -> datetime | None:
    """When an account confirmed a version."""
    found = _reading(session, file_id, account_id)
    return found.at if found else None


def readers(session: Session, skill: Skill, file_id: int) -> list[Reader]:
    """Who should read a version and who did: the skill's panel, the leaders of delegations that
    enter it, and whoever else confirmed it. Those who have not come first."""
    asked = select(TechnicalReading.account_id, TechnicalReading.at)
    read = {
        row[0]: row[1] for row in session.execute(asked.where(TechnicalReading.file_id == file_id))
    }
    found: dict[int, Reader] = {}
    for grant in session.scalars(_should_read(skill)):
        account = grant.account
        found.setdefault(
            account.id,
            Reader(account.label, grant.role, grant.delegation, read.get(account.id)),
        )
    others = session.scalars(select(Account).where(Account.id.in_(set(read) - set(found))))
    found |= {one.id: Reader(one.label, "", None, read[one.id]) for one in others}
    return sorted(found.values(), key=lambda one: (one.read_at is not None, one.role, one.label))


def _should_read(skill: Skill) -> Select[Grant]:
    entering = select(Entry.delegation_id).where(
        Entry.skill_id == skill.id, Entry.state.not_in(OUT)
    )
    panel = Grant.role.in_(PANEL) & (Grant.skill_id == skill.id)
    leads = (Grant.role == Role.TEAM_LEADER) & Grant.delegation_id.in_(entering)
    return (
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .options(joinedload(Grant.account), joinedload(Grant.delegation))
        .where(panel | leads, Grant.held(now()), Account.active)
        .order_by(Grant.id)
    )


def _reading(session: Session, file_id: int, account_id: int) -> TechnicalReading | None:
    return session.scalar(
        select(TechnicalReading).where(
            TechnicalReading.file_id == file_id, TechnicalReading.account_id == account_id
        )
    )


def _checked(text: str, reason: str, publish_on: date | None, pdf: bytes) -> date:
    """The day of a version that can be kept."""
    if not text:
        raise _not_kept("技术文件没有内容", "The technical file is empty")
    if len(text) > LONGEST or len(reason.strip()) > 200:
        raise _not_kept(
            f"文字太长：正文最多 {LONGEST} 字，说明最多 200 字",
            f"The text is too long: at most {LONGEST} characters, and 200 for what changed",
        )
    if publish_on is None or publish_on < today():
        raise _not_kept(
            "公布日期应为今天或以后的一天", "The day of publication is today or a later day"
        )
    if len(pdf) > MOST_BYTES:
        raise _not_kept(
            "PDF 超过 20 MB，请压缩或分开", "The PDF is over 20 MB; make it smaller", 413
        )
    if pdf and not documents.is_pdf(pdf):
        raise _not_kept(
            "附件不是完整的 PDF，请重新导出",
            "What was attached is no whole PDF; export it anew",
            415,
        )
    return publish_on


def _not_kept(zh: str, en: str, status: int = 422) -> Refusal:
    return Refusal(f"{zh}。这一版没有保存。", f"{en}. The version was not saved.", status=status)
