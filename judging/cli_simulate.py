"""`podium simulate`: bots mark in the demo through the same HTTP as the tablets."""

import math
import time
from collections.abc import Callable

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.demo_people import TOUR
from competition.founding import edition
from competition.models import Account, Grant, Period, Release, Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import cli_standings
from judging import simulate as bots

LOOK_EVERY = 2.0  # seconds between two looks at the switch


@click.group(invoke_without_command=True)
@click.option("--skill", "codes", multiple=True, help="Only these skills, such as W10.")
@click.option("--pace", default=1.5, show_default=True, help="Acts a second.")
@click.option("--seconds", type=float, help="Stop after so long.")
@click.option("--follow-switch", is_flag=True, help="Mark only while it is switched on.")
@click.option("--site", help="Address of the site; by default the one of the settings.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
@with_appcontext
def simulate(
    asked: click.Context,
    *,
    codes: tuple[str, ...],
    pace: float,
    seconds: float | None,
    follow_switch: bool,
    site: str | None,
    as_json: bool,
) -> None:
    """机器人评分 Let bots mark in the demo. Without --skill: every skill but the visitor's own.

    The demo's own bots mark too while they are switched on: stop them first on the site, or two
    bots act for one judge and some of what they give is set aside.
    """
    if asked.invoked_subcommand:
        return
    with reporting(as_json):
        _refuse_odd(pace, seconds)
        require_migrated()
        rooms = _rooms(codes)
    config = current_app.config
    address = site or f"http://{config['PODIUM_HOST']}:{config['PODIUM_PORT']}"
    until = time.monotonic() + seconds if seconds else None
    done = 0
    while until is None or time.monotonic() < until:
        done += bots.run(address, rooms, pace=pace, go_on=_watch(until, follow_switch))
        if not follow_switch:
            break
        while not _switched_on() and (until is None or time.monotonic() < until):
            time.sleep(LOOK_EVERY)
        rooms = _rooms(codes)
        time.sleep(LOOK_EVERY)
    if as_json:
        print_json({"ok": True, "acts": done, "skills": [room.skill for room in rooms]})
    else:
        click.echo(f"机器人完成 {done} 次操作。 The bots made {done} acts.")


def _refuse_odd(pace: float, seconds: float | None) -> None:
    if not (0 < pace < math.inf and (seconds is None or seconds > 0)):
        raise Refusal(
            "速度和秒数必须大于 0，什么都没有改变。请更正 --pace 或 --seconds。",
            "Pace and seconds must be more than 0; nothing was changed. Correct --pace or"
            " --seconds.",
        )


def _watch(until: float | None, follow_switch: bool) -> Callable[[], bool]:
    """Says whether to go on: time is left and, when asked to follow it, the switch is on."""
    looked = {"at": 0.0, "on": True}

    def go_on() -> bool:
        if until is not None and time.monotonic() >= until:
            return False
        if follow_switch and time.monotonic() - looked["at"] > LOOK_EVERY:
            looked["at"], looked["on"] = time.monotonic(), _switched_on()
        return bool(looked["on"])

    return go_on


def _switched_on() -> bool:
    db.session.rollback()
    competition = edition(db.session())
    return competition is not None and competition.is_demo and competition.simulating


def _rooms(codes: tuple[str, ...]) -> list[bots.Room]:
    competition = edition(db.session())
    if competition is None or not competition.is_demo:
        raise Refusal(
            "这里不是演示数据，机器人不评分，什么都没有改变。请先运行 podium demo。",
            "This is not the demo, so no bot marks and nothing was changed. Run podium demo first.",
        )
    wanted = {code.upper() for code in codes}
    rows = db.session.execute(
        select(Skill.code, Account.username)
        .join(Grant, Grant.skill_id == Skill.id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.JUDGE, Grant.held(now()), Skill.locked_at.is_(None))
        .where(Skill.id.in_(select(Period.skill_id).where(Period.started_at.is_not(None))))
        .where(Skill.release == Release.CONFIRMED if not wanted else Skill.code.in_(wanted))
        .where(Skill.code != TOUR if not wanted else Skill.code.in_(wanted))
        .order_by(Skill.code, Grant.id)
    )
    panels: dict[str, list[str]] = {}
    for row in rows:
        panels.setdefault(row.code, []).append(row.username)
    missing = sorted(wanted - panels.keys())
    if missing:
        raise Refusal(
            f"{'、'.join(missing)} 现在不能评分，什么都没有改变：没有这个赛项、没有裁判员、"
            "赛段还没有开始，或已经锁定。请先由裁判长开始赛段。",
            f"{', '.join(missing)} cannot be marked now; nothing was changed: no such skill, no"
            " judge, its period has not started, or it is locked. Let the chief judge start the"
            " period first.",
        )
    return [bots.Room(code, tuple(judges)) for code, judges in panels.items()]


def register(main: click.Group) -> None:
    """Add the command to `podium`."""
    simulate.add_command(cli_standings.standings)
    main.add_command(simulate)
