"""`podium worker`, `podium task` and `podium sandbox`: judging by machine from the terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from competition.commands import print_json, require_migrated
from judging import images, readiness
from judging.worker import Worker
from sandbox import packages
from sandbox.box import BoxFailed, NoDocker
from sandbox.images import build as sandbox_images
from sandbox.images.build import Progress, write_progress
from sandbox.languages import rows
from sandbox.names import Rejected

NO_DOCKER = (
    "没有可用的 Docker：请启动 dockerd，再运行一次。 No Docker daemon answers: start dockerd."
)


@click.command()
@click.option("--name", help="How rows and logs call it; by default host and process.")
@with_appcontext
def worker(name: str | None) -> None:
    """启动判题程序 Judge what is handed in, one at a time, until it is told to stop."""
    require_migrated()
    Worker(current_app._get_current_object(), name).run()  # type: ignore[attr-defined]


@click.group()
def task() -> None:
    """试题包 Task packages."""


@task.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(folder: Path, as_json: bool) -> None:
    """检查 Judge every submission of a package and compare with what is expected of it.

    A browser build (task.yaml) or a problem of the Kattis/ICPC format (problem.yaml). Needs
    Docker, and neither settings nor database.
    """
    with _sentences(as_json, {"package": folder.name, "ok": False, "results": []}):
        report = packages.check(folder.resolve(), _say, _told_to())
    if as_json:
        print_json(report.as_dict())
    else:
        click.echo(report.table())
    sys.exit(0 if report.ok else 1)


@click.group()
def sandbox() -> None:
    """沙箱 The sandbox's images."""


@sandbox.command()
@click.option("--only", multiple=True, metavar="NAME", help="browser, a language; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def build(only: tuple[str, ...], as_json: bool) -> None:
    """准备 Build the images that are missing, or only those named; the site shows how far it is."""
    data = current_app.config["PODIUM_DATA"]
    file = readiness.folder(data) / "build.json"
    with _sentences(as_json, {"ok": False}):
        wanted = sandbox_images.named(name for given in only for name in given.split(","))
        built = sandbox_images.build(_told_to(write_progress(file)), wanted)
        removed, versions = images.tidy(data), images.versions(data)
    if as_json:
        print_json({"ok": True, "images": built, "versions": versions, "removed": removed})
        return
    for name, image in built.items():
        click.echo(f"镜像已就绪 ready: {name} {image}")
    for row in rows().values():
        if row.id in versions:
            click.echo(f"  {row.name_en}: {row.shown_with(versions[row.id])}")
    for name in removed:
        click.echo(f"旧镜像已删除 removed: {name}")


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
    for command in (worker, task, sandbox):
        main.add_command(command)


@contextmanager
def _sentences(as_json: bool, failed: dict[str, Any]) -> Iterator[None]:
    """What the sandbox could not do, as a sentence and exit code 1."""
    try:
        yield
    except (NoDocker, BoxFailed, Rejected) as error:
        why = f"沙箱出错。 The sandbox failed: {error}"
        if isinstance(error, NoDocker):
            why = NO_DOCKER
        elif isinstance(error, Rejected):
            why = f"{error.zh} {error.en}"
        if as_json:
            print_json({**failed, "problems": [why]})
        click.echo(why, err=True)
        sys.exit(1)


def _told_to(*others: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Progress as lines on stderr, and to the others."""

    def tell(progress: Progress) -> None:
        _say(f"[{progress.step}/{progress.steps}] {progress.text_zh} {progress.text_en}")
        for other in others:
            other(progress)

    return tell


def _say(line: str) -> None:
    click.echo(line, err=True)
