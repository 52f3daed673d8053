"""Plays a script of the hall test in real browsers against a real server."""

import hashlib
import random
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import select

from competition import moment
from competition.database import db
from competition.models import Skill
from judging import contact, devices, kept, marking, sheets
from judging.models import Device
from tests.hall import script, steps
from tests.hall.script import skill_of
from tests.hall.site import Site
from tests.hall.steps import FULL, Confirm, Step, Tap, Undo
from tests.hall.tablet import Tablet
from tests.hall.wire import Wire
from tests.judging.seed import CODES, Seeded, seed

MINUTE = 60_000  # ms
CHECK_EVERY = 10  # minutes


class Hall:
    """Fourteen tablets, their wires and the site."""

    def __init__(self, site: Site, browser: Browser, folder: Path, number: int) -> None:
        self.site, self.browser, self.folder = site, browser, folder
        self.number, self.dice = number, random.Random(f"wires {number}")
        self.days: dict[str, Seeded] = {}
        self.tablets: dict[str, Tablet] = {}
        self.browser_kills = 0
        self.given: dict[str, list[tuple[Step, dict[str, Any]]]] = {}  # by tablet: step and post

    def prepare(self) -> None:
        with self.site.database():
            for skill in script.SKILLS:
                self.days[skill] = seed(skill)
            _nearly_done(self.days["H4"])
        self.site.start()
        now = moment.now()
        for name in script.TABLETS:
            wire = Wire(self.site.port, self.site.kill, self.dice)
            skew = timedelta(hours=-3) if name == "H3-li" else self._skew()
            user = f"{script.judge_of(name)}-{skill_of(name).lower()}"
            own = self.folder / name if name in script.OWN_BROWSER else None
            self.tablets[name] = Tablet(name, user, wire, now + skew, self.browser, own)
            self.given[name] = []
        for tablet in self.tablets.values():
            tablet.start()
        for tablet in self.tablets.values():
            tablet.synced()
            tablet.kept_for_offline()

    def _skew(self) -> timedelta:
        return timedelta(minutes=self.dice.choice((0, 0, -7, 25, 60 * 50, -60 * 30)))

    def end(self) -> None:
        with ExitStack() as ends:  # one that does not close leaves no other browser running
            for tablet in self.tablets.values():
                ends.callback(tablet.close)

    # The thirty minutes

    def play(self, minutes: list[list[Step]]) -> None:
        for at, happens in enumerate(minutes):
            for step in happens:
                try:
                    self._do(step)
                except BaseException as error:
                    error.add_note(f"seed {self.number}, minute {at}, {step}")
                    raise
            for tablet in self.tablets.values():
                tablet.until(lambda one=tablet: one.wire.busy == 0, "quiet")
                tablet.advance(MINUTE)
            if at % CHECK_EVERY == 0:
                self.check()

    def _do(self, step: Step) -> None:
        if isinstance(step, steps.Lock | steps.Decide):
            self._chief(step)
            return
        tablet = self.tablets[step.tablet]
        match step:
            case Tap() | Undo() | Confirm():
                self._give(tablet, step)
            case steps.Look():
                self._look(tablet, step.code)
            case steps.Lose():
                tablet.lose(step.how)
            case steps.Return():
                tablet.come_back()
                tablet.synced()
            case steps.Heal():
                tablet.wire.jammed = False
                tablet.synced()
                tablet.wire.deliver_late()
            case steps.Reload():
                tablet.reload()
            case steps.KillBrowser():
                tablet.kill()
                self.browser_kills += 1
            case steps.ExpireSignIn():
                tablet.context.clear_cookies()
            case steps.Revoke():
                self._revoke(tablet)
            case steps.SignIn():
                tablet.sign_in_again()
            case _:
                raise AssertionError(step)

    def _give(self, tablet: Tablet, step: Tap | Undo | Confirm) -> None:
        day, fault = self.days[tablet.skill], step.fault if isinstance(step, Tap) else ""
        if tablet.in_touch:
            tablet.synced()
        sub = step.sub if isinstance(step, Confirm) else step.aspect[:2]
        tablet.go(step.code, day.subs[sub])
        if fault:
            tablet.wire.arm(fault)
        if isinstance(step, Confirm):
            post = tablet.confirm()
        elif isinstance(step, Undo):
            post = tablet.undo()
        elif step.aspect in FULL:
            post = tablet.measure(day.aspects[step.aspect], step.value)
        else:
            post = tablet.vote(day.aspects[step.aspect], step.value)
        _is_meant(step, post, day)
        self.given[tablet.name].append((step, post))
        tablet.unsent += not tablet.in_touch
        if fault:
            tablet.until(tablet.wire.struck.is_set, f"struck by {fault}")
            if fault.startswith("kill"):
                self.site.start()
        if fault != "late" and tablet.in_touch:
            tablet.synced()
        if tablet.revoked:
            tablet.until(lambda: tablet.state()["link"] == "unpaired", "unpaired")

    def _look(self, tablet: Tablet, code: str) -> None:
        """The tablet shows the work as it stands on the site at this moment."""
        day = self.days[tablet.skill]
        judge = day.judges[script.judge_of(tablet.name)]
        with self.site.database():
            skill = db.session.get_one(Skill, day.skill)
            known = _told(sheets.work(db.session(), skill, code, judge))
        tablet.go(code, day.subs["A1"])

        def is_so() -> bool:
            return any(
                _told(one["work"]) == known for one in tablet.read("works") if one["code"] == code
            )

        tablet.until(is_so, f"in step with {code}")

    def _chief(self, step: steps.Lock | steps.Decide) -> None:
        day = self.days[step.tablet]
        chief = day.judges["chief"]
        with self.site.database():
            if isinstance(step, steps.Lock):
                marking.lock(day.skill, actor_id=chief)
            else:
                marking.decide(
                    day.skill, step.code, day.aspects[step.aspect], step.value,
                    reason="对照录像", actor_id=chief, key=f"decided-{step.aspect}",
                )  # fmt: skip

    def _revoke(self, tablet: Tablet) -> None:
        day = self.days[tablet.skill]
        with self.site.database():
            devices.revoke(self.device(tablet).id, actor_id=day.judges["chief"])
        tablet.revoked = True

    def device(self, tablet: Tablet) -> Device:
        """Its row, by the token that the tablet keeps."""
        (kept,) = tablet.read("tokens")
        token_hash = hashlib.sha256(kept["token"].encode()).hexdigest()
        return db.session.scalars(select(Device).where(Device.token_hash == token_hash)).one()

    # What page and chief judge are told

    def check(self) -> None:
        """Page, disk and script agree on what is not sent. Of a tablet in touch the chief judge
        sees the same count; of any other that nothing was heard of it since."""
        for tablet in self.tablets.values():
            if tablet.in_touch:
                tablet.synced()
                tablet.until(lambda one=tablet: self._told(one).waiting == 0, "told")
            shown, kept = tablet.state()["waiting"], len(tablet.read("outbox"))
            told = self._told(tablet)
            now = {"page": shown, "disk": kept, "script": tablet.unsent}
            assert shown == kept == tablet.unsent, (self.number, tablet.name, now)
            if tablet.lost:
                heard = tablet.heard or told.seen_at
                assert told.seen_at == heard, (self.number, tablet.name)
                tablet.heard = heard

    def _told(self, tablet: Tablet) -> Any:
        """What the chief judge's desk says of a tablet; nothing of one taken out of use."""
        with self.site.database():
            rows = contact.of_skill(db.session(), self.days[tablet.skill].skill)
            number = self.device(tablet).id
            return next((row for row in rows if row.id == number and not row.number), None)


def _told(work: dict[str, Any]) -> dict[str, Any]:
    """What of a work the next tap rests on: which rows stand, whose votes are in, the sheets."""
    cells = {
        aspect: (
            [(cell["head"] or {}).get("id"), [one["id"] for one in cell["differing"]]]
            if "head" in cell
            else [cell["round"], cell["mine"], cell["voted"], cell["agreed"]]
        )
        for aspect, cell in work["cells"].items()
    }
    sheets_of = {sub: [one["last"], one["may_confirm"]] for sub, one in work["sheets"].items()}
    return {"cells": cells, "sheets": sheets_of}


def _is_meant(step: Tap | Undo | Confirm, post: dict[str, Any], day: Seeded) -> None:
    """What the page kept is what the script says was tapped."""
    assert post["code"] == step.code, (step, post)
    if isinstance(step, Confirm):
        assert post["sub_criterion"] == day.subs[step.sub], (step, post)
    else:
        assert post["aspect"] == day.aspects[step.aspect], (step, post)
        assert post["value"] == step.value, (step, post)


def _nearly_done(day: Seeded) -> None:
    """Everything is marked and confirmed but for one aspect of one work."""
    for code in CODES:
        given = {**FULL, "A1.04": 100}
        if code == "K-391":
            given.pop("A1.01")
        day.give(*(day.post(code, aspect, value) for aspect, value in given.items()))
        for judge in script.JUDGES:
            votes = (day.post(code, aspect, 2, judge=judge) for aspect in steps.VOTES)
            day.give(*votes, judge=judge)
        found = kept.whole(db.session(), day.skill)
        for sub in ("A1", "A2"):
            last = found.works[day.entries[code]].last[day.subs[sub]]
            if (code, sub) != ("K-391", "A1"):
                day.give(day.confirm(code, sub, last), judge="wang")
