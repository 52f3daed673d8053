"""Commands of the competition: set up, demo, serve, ledger."""

import os
import resource
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate.cli import db as migrations
from sqlalchemy import select

from competition import cli_account, cli_init, cli_privacy, cli_roster, demo, ledger
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.demo_people import FINALISTS, TOUR
from competition.founding import edition
from competition.models import Skill
from competition.rules.refusal import Refusal

# One web process with one worker: Socket.IO's clients stay with it, and verbs queue on one lock.
GUNICORN = (
    *("--worker-class", "geventwebsocket.gunicorn.workers.GeventWebSocketWorker"),
    *("--workers", "1"),
    *("--worker-connections", "20000"),
    *("--graceful-timeout", "5"),
    *("--log-level", "warning"),
    "--no-control-socket",
)


@click.command()
@with_appcontext
def serve() -> None:
    """启动网站 Start the site: gunicorn with one gevent worker that carries WebSockets."""
    require_migrated()
    db.engine.dispose()
    _open_many_files()
    address = f"{current_app.config['PODIUM_HOST']}:{current_app.config['PODIUM_PORT']}"
    # A new program in this process: gevent must patch before anything of ours is imported.
    program = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", address, "app:create_app()"]
    click.echo(f"领奖台 Podium http://{address}/", err=True)
    sys.stderr.flush()
    os.execv(sys.executable, program)  # noqa: S606 - no shell wanted


def _open_many_files() -> None:
    """Every spectator is an open file; the usual limit is 1,024, and more may be asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="Same seed, same people.")
@click.option("--sign-ins", is_flag=True, help="Only say who can sign in, and how.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def load_demo(seed: int, sign_ins: bool, as_json: bool) -> None:
    """载入演示数据 Load the demo: 971 invented finalists in 64 skills."""
    with reporting(as_json):
        require_migrated()
        loaded = False
        if not sign_ins:
            loaded = demo.load(seed)
            demo.run_steps(seed)
        competition = edition(db.session())
        offered = demo.CARDS if competition is not None and competition.is_demo else ()
    if as_json:
        print_json(
            {
                "ok": True,
                "loaded": loaded,
                "finalists": FINALISTS if offered else 0,
                "address": _address(),
                "password": demo.PASSWORD if offered else None,
                "sign_ins": [
                    {
                        "role": card.key,
                        "username": card.username,
                        "zh": card.name_zh,
                        "en": card.name_en,
                    }
                    for card in offered
                ],
            }
        )
    elif sign_ins:
        _print_sign_ins(offered)
    elif loaded:
        click.echo(f"演示已载入：64 个赛项，{FINALISTS} 名选手。 The demo is loaded (seed {seed}).")
    else:
        click.echo(
            "演示早已载入，什么都没有改变。 The demo was there already; nothing was changed."
        )


def _print_sign_ins(offered: tuple[demo.Card, ...]) -> None:
    if not offered:
        click.echo("这里没有演示，请用自己的账号登录。 No demo here: sign in with your own name.")
        return
    click.echo(f"演示账号 Demo sign-ins  {_address()}/sign-in  密码 password: {demo.PASSWORD}")
    for card in offered:
        skill = "" if card.key in ("organiser", "leader") else f"（{TOUR}）"
        click.echo(f"  {card.username:<14} {card.name_zh}{skill}  {card.name_en}")


def _address() -> str:
    config = current_app.config
    public: str = config["PODIUM_PUBLIC_URL"]
    return public.rstrip("/") or f"http://{config['PODIUM_HOST']}:{config['PODIUM_PORT']}"


@click.group("ledger")
def ledger_group() -> None:
    """台账 The ledger."""


@ledger_group.command()
@click.option("--skill", "code", help="Only the chain of this skill, such as W17.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def verify(code: str | None, as_json: bool) -> None:
    """校验台账 Walk the chains of hashes and name the first row that does not fit."""
    with reporting(as_json):
        require_migrated()
        walks = _walks(code)
    ok = all(walk.ok for _, walk in walks)
    if as_json:
        chains = [
            {"chain": name, "rows": walk.rows, "head": walk.head, "bad": walk.bad, "why": walk.why}
            for name, walk in walks
        ]
        print_json({"ok": ok, "chains": chains})
    else:
        for name, walk in walks:
            if not walk.ok:
                click.echo(f"{name}：第 {walk.bad} 行不符。 Row {walk.bad} {walk.why}.")
        rows = sum(walk.rows for _, walk in walks)
        sentence = "台账完整 The ledger is whole" if ok else "台账不完整 The ledger is NOT whole"
        click.echo(f"{sentence}：{len(walks)} 条链 chains, {rows} 行 rows")
    sys.exit(0 if ok else 1)


def _walks(code: str | None) -> list[tuple[str, ledger.Walk]]:
    """The competition's chain and every skill's, or the chain of one skill."""
    session = db.session()
    if code is None:
        chains: list[tuple[str, int | None]] = [("competition", None)]
        chains += [(skill.code, skill.id) for skill in session.scalars(select(Skill))]
    else:
        skill = session.scalar(select(Skill).where(Skill.code == code.upper()))
        if skill is None:
            raise Refusal(
                f"没有编号为 {code} 的赛项。请用 W17 这样的编号。",
                f"There is no skill {code}. Use a code such as W17.",
            )
        chains = [(skill.code, skill.id)]
    return [(name, ledger.walk(session, skill_id)) for name, skill_id in chains]


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
    people = (cli_account.account_group, cli_privacy.person_group, cli_privacy.privacy_group)
    groups = (*people, cli_roster.roster, ledger_group, migrations)
    for command in (cli_init.init, load_demo, serve, *groups):
        main.add_command(command)
