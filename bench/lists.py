"""The office's lists with 30,000 entries: how long each page and each search takes.

`.venv/bin/python bench/lists.py [--entries 30000] [--times 20] [--json] [--keep FOLDER]` loads the
demo into a folder that goes away, adds invented entries until there are so many, and asks for every
address as the organiser, in this process, through the whole of Flask. Prints median and p95 in
milliseconds; exit code 1 when a p95 is over 300 ms. `--keep` leaves the database for looking at.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from sqlalchemy import func, insert, select  # noqa: E402 - after the path is set

from app import create_app  # noqa: E402
from competition import changes, demo, sign_ins  # noqa: E402
from competition.database import db, writing  # noqa: E402
from competition.models import (  # noqa: E402
    Account,
    Affiliation,
    ChangeRequest,
    Delegation,
    EligibilityException,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
    Stage,
    Status,
)
from competition.moment import now  # noqa: E402
from competition.privacy import vault  # noqa: E402
from judging.demo import adopt_schemes  # noqa: E402

GOAL = 300  # milliseconds
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉梅建文斌波辉宁博雪晨宇轩涵欣怡"
STATES = (*[EntryState.ENTERED] * 3, *[EntryState.ELIGIBLE] * 8, EntryState.NOT_ELIGIBLE,
          *[EntryState.APPROVED] * 7, EntryState.WITHDRAWN)  # fmt: skip
PAGES = {
    "the 64 tiles": "/office/",
    "tiles, red only": "/office/?light=red",
    "all entries": "/office/entries",
    "the last page": "/office/entries?page=600",
    "one skill": "/office/entries?skill=W17",
    "a zone and a state": "/office/entries?zone=harbin&state=eligible",
    "a delegation": "/office/entries?delegation=2301",
    "a stage": "/office/entries?stage=2",
    "anything missing": "/office/entries?missing=any",
    "no identity number": "/office/entries?missing=id_number",
    "team not complete": "/office/entries?missing=team",
    "no sign-in": "/office/entries?missing=account",
    "a name": "/office/entries?words=%E7%8E%8B%E4%BC%9F",
    "a name, nobody": "/office/entries?words=zzzz",
    "a school and a name": "/office/entries?words=%E5%AD%A6%E9%99%A2+%E7%8E%8B",
    "people of a skill": "/office/skills/W17",
    "people, last page": "/office/skills/W17?page=99",
    "exceptions that wait": "/office/exceptions",
    "exceptions, a name": "/office/exceptions?state=all&words=%E7%8E%8B",
    "exceptions, last page": "/office/exceptions?state=all&page=999",
    "requests that wait": "/office/requests",
    "requests of a zone": "/office/requests?state=all&zone=harbin",
    "requests, a name": "/office/requests?words=%E7%8E%8B%E4%BC%9F",
    "locks of entries": "/office/locks",
    "entries of a skill, judged": "/office/skills/W17/entries",
}
SEARCHES = {"search: a name": "王伟", "search: a school": "学院", "search: a skill": "网站",
            "search: one letter": "W", "search: a number": "230103200501011234"}  # fmt: skip


def site(folder, wanted):
    """A migrated database with the demo and invented entries, and its app."""
    from flask_migrate import upgrade

    app = create_app(
        {
            "PODIUM_SECRET_KEY": "bench-bench-bench-bench",
            "PODIUM_PASSWORD_SALT": "bench-bench-bench-bench",
            "PODIUM_IDENTITY_KEY": "bench-bench-bench-bench-bench-bench",
            "PODIUM_DATABASE_URL": f"sqlite:///{folder}/lists.db",
            "PODIUM_DATA": str(folder),
            "PODIUM_TESTING": "1",
        }
    )
    with app.app_context():
        upgrade()
        if db.session.scalar(select(func.count()).select_from(Entry)) == 0:
            demo.load(1)
            adopt_schemes(random.Random(1))
            fill(wanted)
        db.session.remove()
    return app


def fill(wanted):
    """Adds entries until there are `wanted`; one in fifty lacks something."""
    rng = random.Random(2)
    with writing() as session:
        there = session.scalar(select(func.count()).select_from(Entry))
        people = session.scalar(select(func.max(Person.id)))
        last = session.scalar(select(func.max(Entry.id)))
        skills = session.scalars(select(Skill).order_by(Skill.id)).all()
        delegations = session.scalars(select(Delegation.id)).all()
        stage = session.scalar(select(func.max(Stage.id)))
        session.add_all(Affiliation(name=f"{place}第{n}职业技术学院") for n in range(1, 41)
                        for place in ("哈尔滨", "大庆", "佳木斯", "牡丹江"))  # fmt: skip
        session.flush()
        schools = session.scalars(select(Affiliation.id)).all()
        rows, humans, members = [], [], []
        for number in range(wanted - there):
            skill = skills[number % len(skills)]
            entry = last + number + 1
            rows.append({
                "id": entry, "skill_id": skill.id, "delegation_id": rng.choice(delegations),
                "stage_id": stage, "state": rng.choice(STATES), "code": f"{number:06}",
                "alias": f"a{number}", "is_reserve": False, "out_of_competition": False,
            })  # fmt: skip
            for _ in range(skill.team_size - (rng.random() < 0.005)):
                people += 1
                humans.append({
                    "id": people,
                    "name": rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=2)),
                    "id_hash": None if rng.random() < 0.01 else f"{people:064}",
                    "id_masked": "23**************12",
                    "affiliation_id": None if rng.random() < 0.01 else rng.choice(schools),
                })  # fmt: skip
                members.append({
                    "entry_id": entry, "person_id": people, "status": Status.STUDENT,
                    "local_years": 3, "medals": [],
                })  # fmt: skip
        for table, found in ((Entry, rows), (Person, humans), (Member, members)):
            session.execute(insert(table), found)
        ask(session, rng, rows)


def ask(session, rng, entries):
    """3,000 exceptions and 3,000 change requests, a tenth of them to add somebody."""
    asker = session.scalar(select(func.min(Account.id)))
    by = {"asked_by": asker, "asked_at": now()}
    exceptions, requests = [], []
    for number, entry in enumerate(rng.sample(entries, min(3000, len(entries)))):
        granted = rng.choice((None, None, True, False))
        exceptions.append(
            {"entry_id": entry["id"], "rule": "age", "reason": "…", "is_granted": granted, **by}
        )
        adds = number % 10 == 0
        wanted = {"skill": "W17", "rows": [{"name": "王伟"}]} if adds else {}
        requests.append({
            "entry_id": None if adds else entry["id"], "kind": "add" if adds else "withdraw",
            "delegation_id": entry["delegation_id"], "reason": "…",
            "wanted_sealed": vault().seal(changes.SEALED_AS, json.dumps(wanted)),
            "state": rng.choice(("asked", "asked", "approved", "refused")), **by,
        })  # fmt: skip
    session.execute(insert(EligibilityException), exceptions)
    session.execute(insert(ChangeRequest), requests)


def client_of(app):
    """A browser of the organiser."""
    client = app.test_client()
    with app.app_context():
        account = db.session.scalar(select(Account).where(Account.username == "organiser"))
        key = sign_ins.open_(account.id, how="password", device="", token="t", proved=True)
        unique = account.fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["sign_in"] = unique, True, key
    return client


def timed(ask, times):
    """Median and p95 in milliseconds after one that warms up, and the median of the processor's
    time, which other work on the machine does not lengthen."""
    found, used = [], []
    for turn in range(times + 1):
        start, busy = time.perf_counter(), time.process_time()
        answer = ask()
        took = 1000 * (time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.request.path}: {answer.status_code}")
        if turn:
            found.append(took)
            used.append(1000 * (time.process_time() - busy))
    found.sort()
    return {"cpu_ms": round(statistics.median(used), 1),
            "median_ms": round(statistics.median(found), 1),
            "p95_ms": round(found[min(len(found) - 1, int(0.95 * len(found)))], 1)}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=30_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        app = site(given.keep or passing, given.entries)
        app.config["WTF_CSRF_ENABLED"] = False
        client = client_of(app)
        found = {name: timed(lambda a=address: client.get(a), given.times)
                 for name, address in PAGES.items()}  # fmt: skip
        for name, words in SEARCHES.items():
            found[name] = timed(
                lambda w=words: client.post("/office/search", data={"q": w}), given.times
            )
    if given.json:
        print(json.dumps({"entries": given.entries, "lists": found}, ensure_ascii=False))
    else:
        for name, figures in found.items():
            told = "   ".join(f"{key[:-3]} {value:7} ms" for key, value in figures.items())
            print(f"{name:28} {told}")
    return any(figures["p95_ms"] > GOAL for figures in found.values())


if __name__ == "__main__":
    sys.exit(main())
