"""Starting, stopping and looking after the site and its worker on this machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from setup import docker_engine, front_end, processes, python_packages, settings_file
from setup.places import BIN, MACHINE, RUNNING, VAR, environment
from setup.report import Failed, answer, last_lines, quietly, say, step
from setup.settings_file import SETTINGS

PODIUM = BIN / "podium"
SITE, WORKER, BOTS = "site", "worker", "bots"
SIGN_INS = RUNNING / "sign-ins.txt"
UNFINISHED = VAR / "demo-unfinished"
PATIENCE = 120.0  # seconds the site may take to answer


@contextmanager
def alone() -> Iterator[None]:
    """Two `make run` at once would set up the same folder: the second waits for the first."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(arguments: list[str]) -> int:
    """From a fresh checkout to a site that answers; what is already done is not done again."""
    with alone():
        python_packages.ensure(python_packages.RUN)
        front_end.build()
        front_end.translations()
        _settings()
        site = processes.running(SITE)
        if site and healthy(site.port):
            say("已在运行，数据保留", "Already running, data kept")
        else:
            processes.stop(SITE)
            SIGN_INS.unlink(missing_ok=True)
            _database()
            site = _start_site(_port())
        _start_worker()
        _start_bots(site.port)
    _welcome(site.port)
    return 0


def _settings() -> None:
    port = int(os.environ.get("PORT") or 8000)
    if settings_file.ensure(SETTINGS, port):
        say(f"设置已写入 {SETTINGS}", f"Settings written to {SETTINGS}")


def _database() -> None:
    with step("更新数据库结构", "migrating the database"):
        quietly([PODIUM, "db", "upgrade"])
    url = settings_file.read(SETTINGS).get("PODIUM_DATABASE_URL", "")
    if os.environ.get("DEMO") != "0" and empty(settings_file.sqlite_file(url)):
        UNFINISHED.touch()
    if UNFINISHED.exists():  # also after one that was interrupted: `podium demo` goes on from there
        with step("载入演示数据", "loading the demo"):
            quietly([PODIUM, "demo"])
        UNFINISHED.unlink()


def empty(database: Path | None) -> bool:
    """Whether an SQLite database holds no row of ours. Any other server's data is left alone."""
    if database is None or not database.exists():
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name <> 'alembic_version'"
            )
        ]
        rows = (f'SELECT 1 FROM "{table}" LIMIT 1' for table in tables)  # noqa: S608 - our names
        return not any(connection.execute(row).fetchone() for row in rows)


def _port() -> int:
    """The port that was asked for or set; the next free one when somebody else has it."""
    settings = settings_file.read(SETTINGS)
    wanted = int(os.environ.get("PORT") or settings.get("PODIUM_PORT") or 8000)
    host = settings.get("PODIUM_HOST") or "127.0.0.1"
    port = next_free(host, wanted)
    if port != wanted:
        say(f"端口 {wanted} 已被占用，改用 {port}", f"Port {wanted} is taken, using {port}")
    return port


def next_free(host: str, wanted: int) -> int:
    """The first port from the wanted one on that nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            # As the site itself will: connections in TIME_WAIT do not keep a port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise Failed(
        f"{host} 上从 {wanted} 起的 100 个端口都不可用，请用 make run PORT=… 另选",
        f"No port from {wanted} on is free on {host}: choose another with make run PORT=…",
    )


def _start_site(port: int) -> processes.Process:
    env = environment(PODIUM_PORT=str(port))
    with step("启动网站", "starting the site"):
        site = processes.start(SITE, [PODIUM, "serve"], env, port=port)
        deadline = time.monotonic() + PATIENCE
        while not healthy(port):
            if not site.alive() or time.monotonic() > deadline:
                processes.stop(SITE)
                log = processes.log_of(SITE)
                raise Failed(
                    f"网站没有启动，原因见 {log}",
                    f"The site did not start; {log} says why:\n{last_lines(log)}",
                )
            time.sleep(0.2)
    return site


def healthy(port: int) -> bool:
    """Whether the site on that port answers."""
    connection = HTTPConnection(_host(), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _host() -> str:
    """Where this machine reaches the site: a site that listens everywhere does so here too."""
    host = settings_file.read(SETTINGS).get("PODIUM_HOST", "")
    return "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - not bound here


def _start_worker() -> None:
    """The worker builds the sandbox images by itself, while the site already answers."""
    if processes.running(WORKER):
        return
    try:
        docker_engine.ensure()
    except Failed as why:
        say("沙箱暂不可用，其余功能照常，提交会排队等候", "No sandbox for now; all else works")
        sys.stdout.write(f"  {why}\n")
    processes.start(WORKER, [PODIUM, "worker"], environment())


def _start_bots(port: int) -> None:
    """The bots that mark in the demo while its switch is on; elsewhere there is nothing for them
    to do, and they end by themselves."""
    if not processes.running(BOTS) and os.environ.get("DEMO") != "0":
        env = environment(PODIUM_PORT=str(port))
        processes.start(BOTS, [PODIUM, "simulate", "--follow-switch"], env)


def _welcome(port: int) -> None:
    """The address and the sign-ins; a site that runs already was asked for them at its start."""
    sys.stdout.write(f"\n  领奖台 Podium  http://{_host()}:{port}/\n\n")
    if not SIGN_INS.exists():
        env = environment(PODIUM_PORT=str(port))
        SIGN_INS.write_text(answer([PODIUM, "demo", "--sign-ins"], env=env), "utf-8")
    sys.stdout.write(SIGN_INS.read_text("utf-8"))
    sys.stdout.write("\n  make status · make stop · make help\n")
    if not processes.running(WORKER):  # by now it has had time to stumble
        log = processes.log_of(WORKER)
        raise Failed(
            f"判题程序没有启动，原因见 {log}",
            f"The worker did not start; {log} says why:\n{last_lines(log)}",
        )


def stop(arguments: list[str]) -> int:
    for name, zh in ((BOTS, "演示机器人"), (WORKER, "判题程序"), (SITE, "网站")):
        if processes.running(name):
            with step(f"停止{zh}", f"stopping the {name}"):
                processes.stop(name)
        else:
            say(f"{zh}没有在运行", f"The {name} is not running")
    return 0


def status(arguments: list[str]) -> int:
    """0 when the site answers."""
    site, worker = processes.running(SITE), processes.running(WORKER)
    well = site is not None and healthy(site.port)
    if site and well:
        say(f"网站 http://{_host()}:{site.port}/ （进程 {site.pid}）", f"site, process {site.pid}")
    elif site:
        say(f"网站进程 {site.pid} 没有应答", f"The site (process {site.pid}) does not answer")
    else:
        say("网站没有在运行", "The site is not running")
    if worker:
        say(f"判题程序在运行（进程 {worker.pid}）", f"worker, process {worker.pid}")
    else:
        say("判题程序没有在运行", "The worker is not running")
    return 0 if well else 1


def reset(arguments: list[str]) -> int:
    """Stops, then removes everything in var but the settings and what belongs to the machine."""
    if os.environ.get("YES") != "1":
        if not sys.stdin.isatty():
            raise Failed("没有删除任何数据：请加上 YES=1", "Nothing was deleted: add YES=1")
        reply = input(f"  删除 {VAR} 中的全部数据？输入 yes · Delete all data in {VAR}? Type yes: ")
        if reply.strip().lower() != "yes":
            say("没有删除任何数据", "Nothing was deleted")
            return 1
    stop(arguments)
    kept = {MACHINE, SETTINGS}
    for path in VAR.iterdir():
        if path not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    say("数据已删除，设置保留", "The data is deleted; the settings stay")
    return 0
