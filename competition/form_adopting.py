"""Adopting a skill's extra questions: a version for every change, which judges its entries anew."""

from typing import Any

from competition import answers, eligibility, entry_locks, forms, ledger
from competition.database import writing
from competition.models import FormVersion, Skill
from competition.moment import now
from competition.rules import forms as rules
from competition.rules.forms import Form
from competition.rules.refusal import Refusal

LONGEST_REASON = 200


def adopt(skill_id: int, body: dict[str, Any], *, reason: str, actor_id: int) -> int:
    """Make `body` the skill's questions; gives the version, 0 where it asks nothing as before. The
    very questions that count already change nothing. Entries that are not approved are judged
    again at once; approved ones that now miss an answer show in preflight."""
    wanted = rules.read(body)
    if isinstance(wanted, list):
        raise _not_saved(
            "；".join(f"“{one.field}”：{one.zh}" for one in wanted),
            " ".join(f"“{one.field}”: {one.en}" for one in wanted),
        )
    if len(reason.strip()) > LONGEST_REASON:
        raise _not_saved(
            f"理由最多 {LONGEST_REASON} 字。", f"A reason has at most {LONGEST_REASON} characters."
        )
    with writing() as session:
        skill = session.get(Skill, skill_id)
        if skill is None:
            raise _not_saved("没有这个赛项。", "There is no such skill.", 404)
        last = forms.newest_row(session, skill_id)
        before = forms.read(last) if last else Form()
        if before == wanted:
            return last.version if last else 0
        if skill.locked_at is not None:
            raise _not_saved("赛项已经锁定。", "The skill is locked.", 409)
        if last is not None and not reason.strip():
            raise _not_saved(
                "请写明更改的理由，领队会看到。", "Say why they change; team leaders read it."
            )
        entry_locks.require_open(session, skill_id)
        row = FormVersion(
            skill_id=skill_id,
            version=last.version + 1 if last else 1,
            body=rules.write(wanted),
            reason=reason.strip(),
            made_by=actor_id,
            at=now(),
        )
        session.add(row)
        session.flush()
        changed = {one.field.key: one.what for one in rules.differences(before, wanted)}
        ledger.append(
            session,
            act="form.adopt",
            subject=f"form_version:{row.id}",
            body={"skill": skill.code, "version": row.version, "changed": changed},
            actor_id=actor_id,
        )
        answers.recount(session, [skill_id])
        eligibility.judge_in(session, skill_id, actor_id)
        return row.version


def _not_saved(zh: str, en: str, status: int = 422) -> Refusal:
    return Refusal(f"问题没有保存。{zh}", f"The questions were not saved. {en}", status=status)
