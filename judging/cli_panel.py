"""`podium panel`: what is amiss with panels, declarations and conflicts, before judges mark."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from competition import skill_rules
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import conflict_notes, panel_checks, panel_page


@click.group("panel")
def panel_group() -> None:
    """裁判组 Panels."""


@panel_group.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def check(code: str | None, as_json: bool) -> None:
    """检查裁判组 Empty chairs, judges without a declaration, open conflicts, broken records.

    Exit code 1 when a chair is empty, marks wait for a decision, or a record was changed.
    """
    with reporting(as_json):
        require_migrated()
        found = _skills(code)
    if as_json:
        print_json({"skills": found})
    else:
        for one in found:
            click.echo(_said(one))
    sys.exit(1 if any(one["chairs_empty"] or one["marks_late"] or one["broken"] for one in found)
             else 0)  # fmt: skip


def _skills(code: str | None) -> list[dict[str, object]]:
    asked = select(Skill).order_by(Skill.code)
    if code is not None:
        asked = asked.where(Skill.code == code.upper())
    skills = list(db.session.scalars(asked))
    if code is not None and not skills:
        raise Refusal(
            f"没有编号为 {code} 的赛项。请用 W17 这样的编号。",
            f"There is no skill {code}. Use a code such as W17.",
        )
    conflict_notes.note_all()
    session, ids = db.session(), [one.id for one in skills]
    rules = skill_rules.newest(session, ids)
    facts = panel_checks.of_skills(session, ids, {one: rules[one][1].panel for one in rules})
    return [
        {
            "skill": one.code,
            "chairs_empty": facts[one.id].chairs_empty,
            "undeclared": panel_page.undeclared(session, one.id),
            "declarations_open": facts[one.id].declarations_open,
            "marks_late": facts[one.id].marks_late,
            "broken": [
                {"zh": bad.zh, "en": bad.en} for bad in panel_checks.against_ledger(session, one.id)
            ],
        }
        for one in skills
    ]


def _said(one: dict[str, object]) -> str:
    names = one["undeclared"]
    assert isinstance(names, list)
    broken = one["broken"]
    assert isinstance(broken, list)
    lines = [
        f"{one['skill']}  空席 empty chairs {one['chairs_empty']} · 未申报 undeclared {len(names)}"
        f" · 申报待核对 open declarations {one['declarations_open']}"
        f" · 待定 marks to decide {one['marks_late']}"
    ]
    lines += [f"    ✗ {bad['zh']} / {bad['en']}" for bad in broken]
    return "\n".join(lines)


def register(main: click.Group) -> None:
    """Add the group to `podium`."""
    main.add_command(panel_group)
