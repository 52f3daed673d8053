"""Cells kept in memory between requests: what was folded once is not folded again.

Whatever folding reads changes only together with the skill's revision (`ledger.append`). So cells
are good for exactly one revision. The writer keeps what it added under its new revision, which
those who write after it in the same group commit see before anybody else; who finds a revision that
another process made catches up with it from the last one known here. Kept cells are never changed,
only replaced: a reader may hold them as long as it likes. They take about half a kilobyte a mark,
in every process that marks or publishes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from competition import groups
from competition.models import LedgerRow, Skill
from competition.prepared import Prepared
from judging import cells
from judging.cells import Cells

MARKS = "marks.record"  # the act of which only observations and confirmations come
DIFFERS = "board.differs"  # the act that says: what is kept here is wrong (`rederiving`)
_REVISION = Prepared(select(Skill.revision).where(Skill.id == bindparam("skill")))
_OTHER_ACTS = Prepared(
    select(LedgerRow.act)
    .where(
        LedgerRow.skill_id == bindparam("skill"),
        LedgerRow.number > bindparam("since"),
        LedgerRow.act != MARKS,
    )
    .distinct()
)
VERSIONS = 3  # of a skill: readers may be a little behind the writers
TURN = 10  # seconds
_kept: WeakKeyDictionary[Engine, dict[int, dict[int, Cells]]] = WeakKeyDictionary()
groups.when_undone.append(_kept.clear)
# Skill → the last act that is old enough to show, the last one that is none of marks, and the cells
# as they were after the first. Marks come out late; who sits on a panel, who stands aside and the
# scheme count at once, in every process.
_Late = tuple[int | None, int | None, Cells]
_late: WeakKeyDictionary[Engine, dict[int, _Late]] = WeakKeyDictionary()


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
    return whole_all(session, {skill_id: revision})[skill_id]


def whole_all(session: Session, revisions: Mapping[int, int]) -> dict[int, Cells]:
    """Skill → all its cells, in as many queries as for one; `revisions`: skill → the one that was
    just read in this transaction."""
    versions = _of(session)
    found = {
        skill: versions[skill][number]
        for skill, number in revisions.items()
        if number in versions.get(skill, ())
    }
    missing = revisions.keys() - found.keys()
    if not missing:
        return found
    earlier, acted = {}, []
    for skill in missing:
        own = versions.get(skill, {})
        number = max((one for one in own if one < revisions[skill]), default=0)
        before = own.get(number)  # taken before anything is asked: others go on meanwhile
        acts = other_acts(session, skill, number) if before is not None else []
        if before is not None and DIFFERS not in acts:
            earlier[skill] = before
            acted += [skill] if acts else []
    read = cells.catch_up(session, earlier, acted) if earlier else {}
    anew = missing - earlier.keys()
    read |= cells.read_all(session, anew) if anew else {}
    for skill, fresh in read.items():
        keep(session, skill, revisions[skill], fresh)
    return found | read


def other_acts(session: Session, skill_id: int, since: int) -> list[str]:
    """What else than marks has come to a skill's chain since this revision."""
    rows = _OTHER_ACTS.rows(session, {"skill": skill_id, "since": since})
    return [act for (act,) in rows]


def turn(at: datetime) -> int:
    """The number of the present turn: what comes out late moves only from turn to turn, so that
    marks are not folded anew five times a second."""
    return int(at.timestamp()) // TURN


def late(session: Session, skill_id: int, delay: int, at: datetime) -> Cells:
    """The cells of a skill as they were `delay` minutes before this turn; for reading only."""
    upto = datetime.fromtimestamp(turn(at) * TURN, UTC) - timedelta(minutes=delay)
    own = select(func.max(LedgerRow.number)).where(LedgerRow.skill_id == skill_id)
    number = session.scalar(own.where(LedgerRow.at <= upto))
    act = session.scalar(own.where(LedgerRow.act != MARKS))
    known = _late.setdefault(engine(session), {})
    seen, acted, found = known.get(skill_id, (-1, None, None))
    if found is not None and seen != number:
        found = None
    if found is not None and acted != act:
        found = cells.as_present(session, {skill_id: found}).get(skill_id)
    if found is None:
        found = cells.read(session, skill_id, upto=upto)
    known[skill_id] = (number, act, found)
    return found


def keep(session: Session, skill_id: int, revision: int, found: Cells) -> None:
    """From now on these are the cells at `revision`, which this transaction has read or made."""
    versions = _of(session).setdefault(skill_id, {})
    versions[revision] = found
    while len(versions) > VERSIONS:
        versions.pop(next(iter(versions)))


def forget_all(session: Session, skill_id: int) -> None:
    """Whoever asks next gets everything from the rows."""
    _of(session).pop(skill_id, None)


def forget(session: Session, skill_id: int, revision: int) -> None:
    """The transaction that made `revision` came to nothing."""
    _of(session).get(skill_id, {}).pop(revision, None)


def _of(session: Session) -> dict[int, dict[int, Cells]]:
    return _kept.setdefault(engine(session), {})


def engine(session: Session) -> Engine:
    """What memory of this process hangs on."""
    bind = session.get_bind()
    return bind.engine if isinstance(bind, Connection) else bind
