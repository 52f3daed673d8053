"""`podium person` and `podium privacy`: a person's own data, and what was kept long enough."""

import shutil
from pathlib import Path

import click
from flask.cli import with_appcontext

from competition import pack, retention
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.rules.refusal import Refusal


@click.group("person")
def person_group() -> None:
    """人员 People."""


@person_group.command("pack")
@click.argument("person_id", type=int)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; a new file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def pack_of(person_id: int, out: Path | None, as_json: bool) -> None:
    """个人数据包 Everything that is kept of a person as a zip, for that person."""
    place = out or Path(f"person-{person_id}.zip")
    with reporting(as_json):
        require_migrated()
        if place.exists():
            raise Refusal(
                f"{place} 已存在，没有写入。请用 --out 换一个文件名。",
                f"{place} is there already; nothing was written. Choose another name with --out.",
            )
        made = pack.of_person(person_id, actor_id=None)
        draft = place.with_name(f".{place.name}.draft")
        try:
            draft.touch(mode=0o600)
            with draft.open("wb") as file:
                shutil.copyfileobj(made, file)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    if as_json:
        print_json({"ok": True, "person": person_id, "file": str(place)})
    else:
        click.echo(f"已写入 {place}，请只交给本人。 Written; hand it to that person only.")


@click.group("privacy")
def privacy_group() -> None:
    """个人信息 Personal data."""


@privacy_group.command()
@click.option("--yes", is_flag=True, help="Do it; without it only what would go is said.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def sweep(yes: bool, as_json: bool) -> None:
    """到期清除 Remove identity numbers, phones, rosters, evidence and photos kept long enough."""
    with reporting(as_json):
        require_migrated()
        found = retention.read(db.session())
        kept = retention.sweep(actor_id=None) if yes else found.kept
    until = found.until.isoformat() if found.until else None
    if as_json:
        print_json({"ok": True, "until": until, "due": found.is_due, "removed": yes,
                    **kept.as_dict()})  # fmt: skip
        return
    click.echo(f"保存到 kept until: {until or '一直 for good'}")
    what = "已删除 removed" if yes else "保存着 kept"
    click.echo(
        f"{what}：证件号码与电话 {kept.people} 人，材料 {kept.papers} 份，"
        f"名册行 {kept.roster_rows}，名册文件 {kept.roster_files}，补充信息 {kept.answers}，"
        f"裁判照片 {kept.photos}。 people, papers, rosters, answers, photos of judges."
    )
    if found.is_due and not yes:
        click.echo("已到期：加 --yes 执行。 It is time: add --yes to do it.")
