"""`podium scheme`: check and convert CIS workbooks; import and export a skill's scheme."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import conversion, versions, workbook
from judging import scheme as schemes
from judging.rules.scheme import two_decimals


@click.group()
def scheme() -> None:
    """评分表 Marking schemes in the CIS workbook."""


@scheme.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(file: Path, as_json: bool) -> None:
    """检查 Say what FILE holds and what is wrong with it. Needs neither settings nor database."""
    reading = workbook.read(file)
    if as_json:
        print_json(workbook.report(reading))
    else:
        _print(reading)
    sys.exit(1 if reading.errors else 0)


def _print(reading: workbook.Reading) -> None:
    report = workbook.report(reading)
    click.echo(
        f"评分项 criteria {report['criteria']} · 评分子项 sub-criteria {report['sub_criteria']} · "
        f"评分点 aspects {report['aspects']} = 测量 M {report['measurement']} + 评判 J "
        f"{report['judgement']} · 总分 total {report['total']}"
    )
    for section in reading.found.sections:
        declared = "—" if section.declared is None else two_decimals(section.declared)
        click.echo(
            f"  {section.number}  {section.name.zh}: {two_decimals(section.marks)} ({declared})"
        )
    for word, problems in (("错误 error", reading.errors), ("提示 note", reading.warnings)):
        for problem in problems:
            where = f" {problem.row}{problem.column or ''}" if problem.row else ""
            click.echo(f"{word}{where}: {problem.zh} / {problem.en}", err=word.startswith("错"))


@scheme.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def convert(source: Path, target: Path, as_json: bool) -> None:
    """转换 Read SOURCE and write it anew, in the CIS layout, as TARGET. Needs no database."""
    with reporting(as_json):
        reading = conversion.convert(source, target)
    if as_json:
        return print_json({"ok": True, "file": str(target), **workbook.report(reading)})
    _print(reading)
    click.echo(f"已写入 {target}，读回的内容一致。 Written, and it reads the same.")
    return None


@scheme.command("import")
@click.argument("skill")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def import_(skill: str, file: Path, as_json: bool) -> None:
    """导入 Make FILE the scheme of SKILL (its code, such as W17). All of it or nothing."""
    with reporting(as_json):
        require_migrated()
        reading = workbook.read(file)
        if reading.scheme is None:
            if as_json:
                print_json({"ok": False, **workbook.report(reading)})
            else:
                _print(reading)
            click.echo("没有导入。 Nothing was imported.", err=True)
            sys.exit(1)
        found = _skill(skill)
        wanted = versions.from_workbook(found, db.session(), reading.scheme)
        version = schemes.adopt(found.id, wanted, actor_id=None)
    if as_json:
        code = {"ok": True, "skill": found.code, "version": version}
        return print_json({**code, **workbook.report(reading)})
    for problem in reading.warnings:
        click.echo(f"提示 note: {problem.zh} / {problem.en}")
    aspects, total = len(reading.scheme.aspects), two_decimals(reading.scheme.total)
    click.echo(
        f"{found.code} {found.name_zh}：第 {version} 版评分表，{aspects} 个评分点，{total} 分。"
        f" Version {version} is in force."
    )
    return None


@scheme.command()
@click.argument("skill")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def export(skill: str, target: Path, language: str, as_json: bool) -> None:
    """导出 Write the scheme that counts in SKILL as a CIS workbook, TARGET."""
    with reporting(as_json):
        require_migrated()
        conversion.export(_skill(skill), language, target)
    if as_json:
        return print_json(
            {"ok": True, "file": str(target), **workbook.report(workbook.read(target))}
        )
    click.echo(f"已写入 {target}。 Written.")
    return None


def _skill(code: str) -> Skill:
    found = db.session.scalar(select(Skill).where(Skill.code == code.upper()))
    if found is None:
        raise Refusal(
            f"没有编号为 {code} 的赛项，什么都没有改变。请用 W17 这样的编号。",
            f"There is no skill {code}; nothing was changed. Use a code such as W17.",
        )
    return found


def register(main: click.Group) -> None:
    """Add the group to `podium`."""
    main.add_command(scheme)
