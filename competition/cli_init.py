"""`podium init`: asks what a competition needs, or reads it from a file, and founds it."""

from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml
from flask.cli import with_appcontext

from competition import catalogue, founding, heads
from competition.commands import require_migrated
from competition.database import db
from competition.people import SHORTEST_PASSWORD
from competition.rules.refusal import Refusal


@click.command()
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file with the answers instead of questions.",
)
@with_appcontext
def init(answers: Path | None) -> None:
    """建立大赛 Found a real competition: names, dates, zones, the first organiser."""
    require_migrated()
    founding.refuse_if_founded(db.session())
    given = _file(answers) if answers else _questions()
    competition = founding.found(founding.read(given))
    click.echo(f"大赛已建立：{competition.name_zh}。 Founded: {competition.name_en}.")
    click.echo(f"台账公钥 Public key of the ledger: {heads.public_key()}")
    click.echo("现在用 podium serve 启动网站。 Now start the site with podium serve.")


def _file(path: Path) -> dict[str, Any]:
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refusal(
            f"{path} 不是 UTF-8 的 YAML 文件，没有建立大赛。",
            f"{path} is not YAML in UTF-8; no competition was founded.",
        ) from error
    if not isinstance(given, dict):
        raise Refusal(
            f"{path} 应为“项目: 回答”的列表，没有建立大赛。",
            f"{path} should hold lines of name: answer; no competition was founded.",
        )
    return given


def _questions() -> dict[str, Any]:
    """Ask on the terminal. Every answer is asked for again until it can be read."""
    known = catalogue.zones()
    names = "  ".join(f"{zone.code}={zone.name_zh}" for zone in known)
    name_zh = click.prompt("大赛名称（中文）Name in Chinese")
    name_en = click.prompt("大赛名称（英文）Name in English")
    starts_on = click.prompt("开始日期 First day (2026-11-23)", value_proc=_day)
    ends_on = click.prompt("结束日期 Last day (2026-11-25)", value_proc=_day)
    click.echo(f"赛区 Zones: {names}")
    codes = click.prompt(
        "赛区（用逗号分开）Zones, separated by commas", default=",".join(z.code for z in known)
    )
    username = click.prompt("组织者的账号 Sign-in name of the organiser", default="organiser")
    password = click.prompt(
        f"密码（至少 {SHORTEST_PASSWORD} 个字符）Password",
        hide_input=True,
        confirmation_prompt="再输一次 Once more",
        value_proc=_password,
    )
    return {
        "name_zh": name_zh,
        "name_en": name_en,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "zones": [code.strip() for code in codes.replace("，", ",").split(",") if code.strip()],
        "organiser": {"username": username, "password": password},
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise click.UsageError("日期应形如 2026-11-23 / a date looks like 2026-11-23") from None


def _password(text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise click.UsageError(
            f"至少 {SHORTEST_PASSWORD} 个字符 / at least {SHORTEST_PASSWORD} characters"
        )
    return text
