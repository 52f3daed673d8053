"""Cells kept in memory between requests: what was folded once is not folded again.

Whatever folding reads changes only together with the skill's revision (`ledger.append`), but for
the panel, which is compared too. So cells are good for exactly one revision: who finds another
one folds anew, and the writer keeps what it added under its new revision, which those who write
after it in the same group commit see before anybody else. Kept cells are never changed, only
replaced: a reader may hold them as long as it likes. They take about half a kilobyte a mark, in
every process that marks or publishes.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from competition import groups
from competition.models import Skill
from competition.prepared import Prepared
from judging import cells, seats
from judging.cells import Cells

_REVISION = Prepared(select(Skill.revision).where(Skill.id == bindparam("skill")))
VERSIONS = 3  # of a skill: readers may be a little behind the writers
_kept: WeakKeyDictionary[Engine, dict[int, dict[int, Cells]]] = WeakKeyDictionary()
groups.when_undone.append(_kept.clear)


def revision_of(session: Session, skill_id: int) -> int:
    """The skill's revision as this transaction sees it."""
    found = _REVISION.first(session, {"skill": skill_id})
    assert found is not None
    return int(found[0])


def whole(session: Session, skill_id: int, revision: int | None = None) -> Cells:
    """All cells of a skill as this transaction sees them; for reading only.

    `revision`: the skill's, when it has just been read in this transaction.
    """
    if revision is None:
        revision = revision_of(session, skill_id)
    granted = seats.granted(session, skill_id)
    known = _of(session).get(skill_id, {}).get(revision)
    if known is not None and known.granted == granted:
        return known
    found = cells.read(session, skill_id, granted=granted)
    keep(session, skill_id, revision, found)
    return found


def keep(session: Session, skill_id: int, revision: int, found: Cells) -> None:
    """From now on these are the cells at `revision`, which this transaction has read or made."""
    versions = _of(session).setdefault(skill_id, {})
    versions[revision] = found
    while len(versions) > VERSIONS:
        versions.pop(next(iter(versions)))


def forget(session: Session, skill_id: int, revision: int) -> None:
    """The transaction that made `revision` came to nothing."""
    _of(session).get(skill_id, {}).pop(revision, None)


def _of(session: Session) -> dict[int, dict[int, Cells]]:
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    return _kept.setdefault(engine, {})
