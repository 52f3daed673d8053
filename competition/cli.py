"""Commands of the competition: set up, demo, serve."""

import os
import resource
import sys
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate.cli import db as migrations

from competition import cli_account, cli_init, cli_privacy, cli_roster, demo, heads
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.demo_people import FINALISTS
from competition.founding import edition

# One web process with one worker: Socket.IO's clients stay with it, and verbs queue on one lock.
GUNICORN = (
    *("--worker-class", "competition.web_worker.Worker"),
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
    _become("app:create_app()", current_app.config["PODIUM_PORT"])


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Not that of the site.")
@with_appcontext
def live(port: int) -> None:
    """只为观众服务 Serve spectators only, beside the site: boards and their sockets."""
    _become("app:create_live()", port)


def _become(application: str, port: int) -> NoReturn:
    require_migrated()
    db.engine.dispose()
    _open_many_files()
    address = f"{current_app.config['PODIUM_HOST']}:{port}"
    click.echo(f"领奖台 Podium http://{address}/", err=True)
    sys.stderr.flush()
    os.execv(sys.executable, program(application, address))  # noqa: S606 - no shell wanted


def program(application: str, address: str) -> list[str]:
    """What this process becomes: gevent must patch before anything of ours is imported."""
    return [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", address, application]


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
            heads.public_key()
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
                "pin": demo.PIN if offered else None,
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
    click.echo(
        f"演示账号 Demo sign-ins  {_address()}/sign-in  密码 password: {demo.PASSWORD}"
        f"  PIN: {demo.PIN}"
    )
    for card in offered:
        skill = f"（{card.skill}）" if card.skill else ""
        click.echo(f"  {card.username:<14} {card.name_zh}{skill}  {card.name_en}")


def _address() -> str:
    config = current_app.config
    public: str = config["PODIUM_PUBLIC_URL"]
    return public.rstrip("/") or f"http://{config['PODIUM_HOST']}:{config['PODIUM_PORT']}"


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
    people = (cli_account.account_group, cli_privacy.person_group, cli_privacy.privacy_group)
    groups = (*people, cli_roster.roster, migrations)
    for command in (cli_init.init, load_demo, serve, live, *groups):
        main.add_command(command)
