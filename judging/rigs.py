"""Rigs kept ready for the browser tasks that are being worked on now."""

from collections.abc import Iterator

from sqlalchemy import select

from competition.database import db
from competition.models import Period
from competition.rules.refusal import Refusal
from judging import images, tasks
from sandbox.problem_task import ProblemTask
from sandbox.task import Task


def worked_on() -> Iterator[tuple[Task, str | None]]:
    """The browser tasks of the running periods, each with its period's image, if it has one."""
    running = select(Period).where(
        Period.started_at.is_not(None), Period.ended_at.is_(None), Period.task.is_not(None)
    )
    for period in db.session.scalars(running.order_by(Period.started_at.desc())).all():
        try:
            task = tasks.find(period.task or "")
        except Refusal:  # a hand-in says so
            continue
        if not isinstance(task, ProblemTask):
            yield task, images.of_period(db.session(), period.id)
