"""The demo's marking schemes: every demo skill gets one in the words of its trade.

Runs as a step of `podium demo`, after the people exist. W17 gets the scheme of its task package,
with the aspects that checks propose marks for.
"""

from pathlib import Path
from random import Random

import yaml
from sqlalchemy import select

from competition.database import writing
from competition.models import Period, Skill
from judging import scheme, tasks, workbook
from judging.rules import scheme as rules
from judging.rules.scheme_mapping import from_mapping

FOLDER = Path(__file__).parent / "demo_schemes"


def adopt_schemes(_chance: Random) -> int:
    """Give every skill its demo scheme, in one commit; gives the number of schemes."""
    with writing() as session:
        skills = {skill.code: skill.id for skill in session.scalars(select(Skill))}
        worked_on = session.execute(
            select(Period.skill_id, Period.task).where(Period.task.is_not(None))
        )
        packages = {row.skill_id: row.task for row in worked_on}
        done = 0
        for code, skill_id in skills.items():
            if task := packages.get(skill_id):
                adopted, automatic = of_package(task)
            elif (path := FOLDER / f"{code}.yaml").is_file():
                adopted, automatic = _scheme(path), ()
            else:
                continue
            scheme.adopt_in(session, skill_id, adopted, actor_id=None, automatic=automatic)
            done += 1
    return done


def of_package(name: str) -> tuple[rules.Scheme, tuple[str, ...]]:
    """The scheme of a task package and the codes of its automatic aspects."""
    package = tasks.find(name)
    if package.scheme is None:
        raise ValueError(f"task {name} has no scheme")
    source = package.folder / "scheme.yaml"
    if source.is_file():  # keeps the two languages apart, which the workbook holds in one cell
        return _scheme(source), tuple(package.maxima)
    reading = workbook.read(package.scheme)
    if reading.scheme is None:
        raise ValueError(f"the scheme of task {name} does not import: {reading.errors}")
    return reading.scheme, tuple(package.maxima)


def _scheme(path: Path) -> rules.Scheme:
    # Safe like the plain loader, and in C: 64 schemes take a tenth of the time.
    return from_mapping(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
