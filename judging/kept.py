"""Cells kept in memory between requests: what was folded once is not folded again.

Whatever folding reads changes only together with the skill's revision (`ledger.append`), but for
the panel, which is compared too. So cells are good for exactly one revision: who finds another
one folds anew, and the writer keeps what it added under its new revision once it has committed.
Kept cells are never changed, only replaced: a reader may hold them as long as it likes. They take
about half a kilobyte a mark, in every process that marks or publishes.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from competition.models import Skill
from judging import cells, seats
from judging.cells import Cells

_skill = Skill.__table__.c
_REVISION = select(_skill.revision).where(_skill.id == bindparam("skill"))
_kept: WeakKeyDictionary[Engine, dict[int, tuple[int, Cells]]] = WeakKeyDictionary()


def revision_of(session: Session, skill_id: int) -> int:
    """The skill's revision as this transaction sees it."""
    found = session.execute(_REVISION, {"skill": skill_id}).scalar_one()
    return int(found)


def whole(session: Session, skill_id: int, revision: int | None = None) -> Cells:
    """All cells of a skill as this transaction sees them; for reading only.

    `revision`: the skill's, when it has just been read in this transaction.
    """
    if revision is None:
        revision = revision_of(session, skill_id)
    granted = seats.granted(session, skill_id)
    known = _of(session).get(skill_id)
    if known is not None and (known[0], known[1].granted) == (revision, granted):
        return known[1]
    found = cells.read(session, skill_id, granted=granted)
    keep(session, skill_id, revision, found)
    return found


def keep(session: Session, skill_id: int, revision: int, found: Cells) -> None:
    """From now on these are the cells at `revision`; only after the commit that made it."""
    _of(session)[skill_id] = (revision, found)


def _of(session: Session) -> dict[int, tuple[int, Cells]]:
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    return _kept.setdefault(engine, {})
