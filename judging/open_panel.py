"""What every act on a panel asks first: the marks are open still, its chief judge acts, and says
why."""

from sqlalchemy.orm import Session

from competition import separation
from competition.models import Role, Skill
from competition.rules.refusal import Refusal

LONGEST = 500  # characters of a reason


def opened(session: Session, skill_id: int) -> Skill:
    """The skill, held so that no mark slips in between the newest observation and what begins
    after it; refused once its marks are locked."""
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise refused("没有这个赛项", "There is no such skill", 404)
    if skill.locked_at is not None:
        raise refused(
            "该赛项的评分已锁定，裁判组不再变动",
            "The marks of this skill are locked; its panel no longer changes",
        )
    return skill


def by_chief(session: Session, skill_id: int, actor_id: int) -> Skill:
    """The same for an act of the chief judge."""
    skill = opened(session, skill_id)
    separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
    return skill


def reason(text: str) -> str:
    """Why, in one line."""
    why = " ".join(text.replace("\x00", "").split())[:LONGEST]
    if not why:
        raise refused("请写明原因", "Say why")
    return why


def refused(zh: str, en: str, status: int = 409) -> Refusal:
    """A refusal that changed nothing."""
    return Refusal(f"{zh}。什么都没有改变。", f"{en}. Nothing was changed.", status=status)
