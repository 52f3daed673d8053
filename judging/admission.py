"""Whether a post of a tablet is taken: every rule that can set it aside, with its sentence.

The posts of one request pass through one after the other, and each is judged by the skill's cells
as the one before it left them.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from competition.models import Skill
from competition.moment import iso
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging import cells, conflict_notes, kept, observed, on_duty
from judging.aspects import AspectFacts
from judging.rules.marks import Mark, Seen
from judging.rules.votes import TOP_VOTE, own_vote

KEY = re.compile(r"[0-9a-zA-Z_-]{8,64}")  # no colon: keys with one are the machine's own


_SKILL = Prepared(
    select(Skill.revision, Skill.locked_at).where(Skill.id == bindparam("skill")).with_for_update()
)


class Post(NamedTuple):
    """One tap as a device posted it: an observation of `aspect` (its id) of the work `code`, or,
    with `sub_criterion`, a confirmation of that sheet as it stood at observation `upto`. Where
    `observed` is given, it is what was measured, and the mark is worked out from it here."""

    key: str
    code: str
    judge: int
    aspect: int | None = None
    value: int | None = None
    round: int = 1
    base: int | None = None
    reason: str = ""
    observed: str | None = None
    sub_criterion: int | None = None
    upto: int = 0
    device_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**self._asdict(), "device_at": iso(self.device_at)}


class Step(NamedTuple):
    """What admission made of a post. `confirms`: (entry, sub-criterion, up to which row);
    `before`: the value that stood, in the eyes of who posted."""

    entry_id: int | None = None
    aspect_id: int | None = None
    confirms: tuple[int, int, int] | None = None
    before: int | None = None
    refusal: Refusal | None = None


class Admission:
    """The rules of one request: one skill, one judge, one tablet, one transaction."""

    def __init__(
        self,
        session: Session,
        skill_id: int,
        judge_id: int,
        device_id: int | None = None,
        *,
        unpaired: bool = False,
    ) -> None:
        # Locked, so that on PostgreSQL too one request after the other sees the other's rows, and
        # no mark slips past the lock of the skill.
        found = _SKILL.first(session, {"skill": skill_id})
        if found is None:
            raise Refusal("没有这个赛项，什么都没有保存。", "No such skill; nothing was kept.")
        self.session = session
        self.skill_id = skill_id
        revision, locked_at = found
        self.locked = locked_at is not None
        self.judge_id = judge_id
        self.unpaired = unpaired  # the posts come from a tablet that was taken out of use
        self.device_id = device_id
        self.cells = kept.whole(session, skill_id, revision).copy()
        self.standing = on_duty.standing(session, skill_id, judge_id)
        self.aspects = {one.id: one for one in self.cells.aspects}
        self.entries = {code: entry for entry, code in self.cells.entries.items()}

    def step(self, post: Post) -> Step:
        """Judge one post. A refusal leaves entry and aspect filled in as far as they are known."""
        entry_id = self.entries.get(post.code)
        post = self._present(post)
        aspect_id = post.aspect if post.aspect in self.aspects else None
        before = self._before(self._mark(entry_id, aspect_id))
        try:
            self.may(post, entry_id)
            if post.sub_criterion is not None and entry_id is not None:
                return Step(entry_id, None, self._confirm(post, entry_id))
            self._observe(post, entry_id)
        except Refusal as refusal:
            return Step(entry_id, aspect_id, before=before, refusal=refusal)
        return Step(entry_id, aspect_id, before=before)

    def _present(self, post: Post) -> Post:
        """The post of a tablet that has not heard yet of the scheme's newest version: what that
        version left as it was is marked by its present id."""
        earlier = self.cells.former
        if post.aspect not in earlier.aspects and post.sub_criterion not in earlier.sheets:
            return post
        return post._replace(
            aspect=earlier.aspects.get(post.aspect or 0, post.aspect),
            sub_criterion=earlier.sheets.get(post.sub_criterion or 0, post.sub_criterion),
        )

    def worked(self, post: Post) -> Post:
        """The post with the mark that its observed value gives; without one when it gives none."""
        if post.observed is None:
            return post
        aspect = self.aspects.get(self._present(post).aspect or 0)
        if aspect is None or aspect.kind == "J":
            return post
        try:
            return post._replace(value=observed.work(aspect, post.observed).mark)
        except Refusal:
            return post._replace(value=None)

    def _before(self, mark: Mark | None) -> int | None:
        """The agreed value of a measurement; this judge's own vote on a judgement."""
        if mark is None or mark.ballot is None:
            return mark.value if mark else None
        return mark.ballot.current.votes.get(self.judge_id)

    def saw(self, step: Step, row: Any) -> None:  # noqa: ANN401 - the values of a row
        """A row was written: the next post of this request is judged with it."""
        if step.refusal is not None or step.entry_id is None:
            return
        if step.confirms is not None:
            self.cells.confirm(step.entry_id, step.confirms[1], self.judge_id, row.id)
        elif step.aspect_id is not None:
            seen = Seen(
                row.id,
                "judge",
                row.judge_id,
                row.value,
                row.round,
                row.base_id,
                False,
                row.reason,
                row.observed,
                row.device_id,
            )
            self.cells.add(step.entry_id, self.aspects[step.aspect_id], seen)

    def keep(self, revision: int) -> None:
        """What this request wrote stands, as the skill's `revision`."""
        kept.keep(self.session, self.skill_id, revision, self.cells)

    def differing(self, code: str, aspect_id: int) -> tuple[int, set[int]]:
        """The entry of `code` and the values that judges gave for a measurement in dispute."""
        entry_id = self.entries.get(code)
        mark = self._mark(entry_id, aspect_id)
        if entry_id is None or mark is None or mark.measured is None or not mark.measured.differing:
            raise Refusal(
                "这个评分点没有分歧，没有改变任何分数。请刷新页面。",
                "There is no difference on this aspect; no mark was changed. Reload the page.",
            )
        if self.locked:
            raise LOCKED()
        values = {one.value for one in mark.measured.differing} | {mark.measured.value}
        return entry_id, {value for value in values if value is not None}

    def _mark(self, entry_id: int | None, aspect_id: int | None) -> Mark | None:
        return self.cells.mark(entry_id, aspect_id)

    def may(self, post: Post, entry_id: int | None) -> None:
        """Refuse what no post of this judge may touch now, whatever it says."""
        if self.unpaired:
            raise UNPAIRED()
        if self.locked:
            raise LOCKED()
        if post.judge != self.judge_id or not self.standing.on_duty:
            raise NOT_ON_PANEL()
        apart = self.standing.apart
        if apart is not None:
            raise Refusal(f"{apart.zh}。{KEPT_ZH}", f"{apart.en}. {KEPT_EN}")
        if entry_id is None:
            raise NO_SUCH_WORK()
        if self._stands_aside(entry_id):
            raise STANDS_ASIDE()
        sheet = self._sheet(post)
        if sheet is not None and self.judge_id not in self.cells.panels.team(sheet).present:
            raise NOT_ON_TEAM()

    def _stands_aside(self, entry_id: int) -> bool:
        """Recused from this work; or bound to it by what came since recusals were last noted, and
        the chief judge did not override that."""
        if self.cells.panels.stands_aside(self.judge_id, entry_id):
            return True
        if entry_id not in self.standing.bound:
            return False
        found = conflict_notes.binding(self.session, self.skill_id, [self.judge_id])
        return (self.judge_id, entry_id) in found

    def _sheet(self, post: Post) -> str | None:
        """The code of the sub-criterion that a post belongs to."""
        if post.sub_criterion is not None:
            sheets = {one.sub_criterion_id: one.sheet for one in self.aspects.values()}
            return sheets.get(post.sub_criterion)
        aspect = self.aspects.get(post.aspect or 0)
        return aspect.sheet if aspect else None

    def _observe(self, post: Post, entry_id: int | None) -> None:
        aspect = self.aspects.get(post.aspect or 0)
        mark = self._mark(entry_id, aspect.id) if aspect else None
        if aspect is None or mark is None or entry_id is None:
            raise NO_SUCH_ASPECT()
        if self.cells.closed.is_closed(entry_id, aspect.sub_criterion_id):
            raise SIGNED()
        if aspect.kind == "J":
            self._vote(post, mark)
        else:
            self._measure(post, mark, aspect)

    def _measure(self, post: Post, mark: Mark, aspect: AspectFacts) -> None:
        if post.observed is not None:
            observed.work(aspect, post.observed)
        elif post.value is None:
            return
        elif not observed.may_be(aspect, post.value):
            raise OUT_OF_RANGE()
        proposal = mark.measured.proposal if mark.measured else None
        if proposal and proposal.value != post.value and not post.reason.strip():
            raise NO_REASON()

    def _vote(self, post: Post, mark: Mark) -> None:
        ballot = mark.ballot
        if ballot is None or (post.value is not None and not 0 <= post.value <= TOP_VOTE):
            raise OUT_OF_RANGE()
        if ballot.agreed or post.round != ballot.open_round:
            raise VOTE_CLOSED()
        if self._voted_elsewhere(post):
            raise VOTED_ELSEWHERE()
        if post.round > 1 and post.value is not None and not post.reason.strip():
            raise NO_REASON()

    def _voted_elsewhere(self, post: Post) -> bool:
        """Another tablet of this judge holds a vote that this one did not show (`base`): which of
        the two comes in last must not decide."""
        votes = self.cells.works[self.entries[post.code]].seen.get(post.aspect or 0, [])
        own = own_vote(votes, self.judge_id, post.round)
        if own is None or own.value in (None, post.value):
            return False
        return own.device != self.device_id and own.id != post.base

    def _confirm(self, post: Post, entry_id: int) -> tuple[int, int, int]:
        if post.sub_criterion is None:
            raise NO_SUCH_ASPECT()
        found = self.cells
        sheet = found.sheet(entry_id, post.sub_criterion)
        if not sheet:
            raise NO_SUCH_ASPECT()
        if found.closed.is_closed(entry_id, post.sub_criterion):
            raise SIGNED()
        if not all(mark.settled for mark in sheet):
            raise SHEET_INCOMPLETE()
        if not may_confirm(self.judge_id, found, entry_id, post.sub_criterion):
            raise OWN_SHEET()
        last = found.works[entry_id].last.get(post.sub_criterion, 0)
        if post.upto != last:
            raise SHEET_MOVED()
        return entry_id, post.sub_criterion, last


def may_confirm(judge_id: int, found: cells.Cells, entry_id: int, sub_criterion_id: int) -> bool:
    """Who entered nothing of a sheet may confirm it; where every judge of the panel entered a part,
    each of them may, and it takes two (`cells.confirming_judge`)."""
    entered = found.enterers(entry_id, sub_criterion_id)
    sitting = found.sitting(entry_id, sub_criterion_id)
    everybody = len(sitting) > 1 and entered.issuperset(sitting)
    return judge_id not in entered or everybody


def _says(zh: str, en: str) -> Callable[[], Refusal]:
    return lambda: Refusal(zh, en)


KEPT_ZH = "这次评分已保存为“搁置”，未计入，裁判长会看到。"
KEPT_EN = "This entry was kept as set aside, does not count, and is shown to the chief judge."

LOCKED = _says(f"该赛项的评分已锁定。{KEPT_ZH}", f"The marks of this skill are locked. {KEPT_EN}")
SIGNED = _says(
    f"这张评分表已签字，不能再改。{KEPT_ZH}如需更改，请裁判长写明理由退回。",
    f"This sheet is signed and takes no more marks. {KEPT_EN} To change it, the chief judge sends"
    " it back with a reason.",
)
UNPAIRED = _says(
    f"这台平板的配对已被解除。{KEPT_ZH}请在已配对的平板上再评一次。",
    f"This tablet was unpaired. {KEPT_EN} Mark it again on a tablet that is paired.",
)
NOT_ON_PANEL = _says(
    f"您不在该赛项的裁判组中。{KEPT_ZH}", f"You are not on the panel of this skill. {KEPT_EN}"
)
NOT_ON_TEAM = _says(
    f"这张评分表由另一组裁判评。{KEPT_ZH}",
    f"Another team marks this sheet. {KEPT_EN}",
)
STANDS_ASIDE = _says(  # why, and whose work it is, a judge must not learn here (decisions 1)
    f"您不评这件作品，由其他裁判评。{KEPT_ZH}",
    f"You do not mark this work; a fellow judge does. {KEPT_EN}",
)
NO_SUCH_WORK = _says(
    f"该赛项没有这个编号。{KEPT_ZH}", f"This skill has no work with that code. {KEPT_EN}"
)
NO_SUCH_ASPECT = _says(
    f"现行评分表中没有这个评分点。{KEPT_ZH}请刷新页面。",
    f"The scheme that counts has no such aspect. {KEPT_EN} Reload the page.",
)
OUT_OF_RANGE = _says(
    f"分值超出这个评分点允许的范围。{KEPT_ZH}",
    f"The value is outside what this aspect allows. {KEPT_EN}",
)
NO_REASON = _says(
    f"与自动判定不同或重新打分时必须写理由。{KEPT_ZH}请写明理由再评一次。",
    f"A reason is needed when overruling the machine or voting again. {KEPT_EN} Mark it again"
    " with the reason.",
)
VOTE_CLOSED = _says(
    f"这一轮打分已经揭示，不能再改。{KEPT_ZH}",
    f"The votes of this round are already released and cannot be changed. {KEPT_EN}",
)
VOTED_ELSEWHERE = _says(
    f"您已在另一台平板上打过分，这台平板当时没有显示。{KEPT_ZH}如要更改，请看过现在的打分后再打一次。",
    f"You have voted on another tablet meanwhile. {KEPT_EN} To change the vote, look at it as it"
    " stands and vote again.",
)
SHEET_INCOMPLETE = _says(
    f"评分表还没有评完或有分歧，不能复核。{KEPT_ZH}",
    f"The sheet is not complete or has a difference, so it cannot be confirmed. {KEPT_EN}",
)
OWN_SHEET = _says(
    f"不能复核自己录入的评分表，请另一位裁判复核。{KEPT_ZH}",
    f"You cannot confirm a sheet that you entered; another judge must. {KEPT_EN}",
)
SHEET_MOVED = _says(
    f"复核时评分表已有新的改动。{KEPT_ZH}请刷新后再核对一次。",
    f"The sheet has changed since you looked at it. {KEPT_EN} Reload and check it again.",
)
