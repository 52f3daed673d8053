"""Blind means blind: everything a judge can reach is read, and no competitor is found in it.

The crawl asks for every address that the app knows, with every value that fits its place, follows
every link it sees, and reads pages, JSON, headers, file names and errors.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import product
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from competition.database import db, writing
from competition.models import Entry, Release, Skill
from judging.models import Submission
from tests.judging.seed import CODES, PEOPLE, Seeded, judge_by_machine, let_out, pair, seed
from tests.judging.test_tablet import sign_in

LINK = re.compile(r"""(?:href|src|action|hx-get|data-url)=["']([^"'#]+)""")
# What any spectator sees too: there, aliases are right.
PUBLIC = ("/skills/", "/screen/", "/embed/", "/cards/")
LEFT_OUT = ("/static/", "/language/", "/sign-out")


@pytest.fixture
def day(sqlite_app) -> Seeded:
    """A day with everything on it: machine's proposals, marks, a difference, votes, evidence."""
    with sqlite_app.app_context():
        day = seed()
        for code in CODES:
            judge_by_machine(day, code)
        day.mark_all("K-246", judge="wang")
        day.give(day.post("K-391", "A2.01", 100, judge="wang"), judge="wang")
        day.give(day.post("K-391", "A2.01", 0, judge="zhao"), judge="zhao")
        day.give(day.post("K-391", "A1.01", 149, judge="zhao"), judge="zhao")
        for judge, value in (("li", 0), ("wang", 3), ("zhao", 2)):
            day.give(day.post("K-073", "B1.01", value, judge=judge), judge=judge)
        let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
        return day


def identities(public: bool) -> list[str]:
    """Patterns of whatever would tell who somebody is; on judges' pages the public alias too."""
    found = []
    for name, school, zh, en, number, alias in PEOPLE:
        found += [name, name[:2], name[2:], school, zh, en, number, number[6:14]]
        if not public:
            found.append(rf"\b{alias}\b")
    return found


def leaks(text: str, public: bool) -> list[str]:
    return [one.strip(r"\b") for one in identities(public) if re.search(one, text)]


def plain(answer) -> str:
    """All of an answer as a person or a program could read it."""
    parts = [str(answer.headers), unquote(str(answer.headers))]
    if answer.is_json:
        parts.append(json.dumps(answer.json, ensure_ascii=False))
    body = answer.get_data().decode("utf-8", "replace")
    escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), body)
    return "\n".join([*parts, body, unescape(body), escaped, unquote(body)])


def addresses(app, day: Seeded) -> Iterator[str]:
    """Every address of the app with values that exist, and with values that do not."""
    with app.app_context():
        receipts = list(db.session.scalars(db.select(Submission.receipt)))
    values = {
        "sha256": [*day.blobs.values(), "0" * 64, "x"],
        "receipt": [receipts[0], "R0"],
        "work": [*CODES[:2], "K-999"],
        "code": ["T17", "W99"],
        "policy": [one.value for one in Release],
        "act": ["start", "pause", "resume"],
        "size": ["link", "poster"],
        "aspect": [day.aspects["A2.01"], 999],
        "sub": [day.subs["A1"], 999],
    }
    numbers = [1, 2, 999]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or str(rule).startswith(LEFT_OUT):
            continue
        choices = [values.get(name, numbers) for name in sorted(rule.arguments)]
        for chosen in product(*choices):
            given = dict(zip(sorted(rule.arguments), chosen, strict=True))
            with app.test_request_context():
                try:
                    built = app.url_map.bind("localhost").build(rule.endpoint, given)
                except Exception:  # a value that this place does not take
                    continue
            yield urlsplit(built).path


def crawl(client, start: list[str], headers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every address reached, with what it said; what was refused is asked for as JSON too."""
    todo, seen = list(start), set()
    while todo and len(seen) < 1000:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, headers=headers)
        yield path, plain(answer)
        if answer.status_code >= 400:
            again = client.get(path, headers={**headers, "Accept": "application/json"})
            yield path, plain(again)
        elif answer.mimetype == "text/html":
            for link in LINK.findall(answer.get_data(as_text=True)):
                target = urlsplit(urljoin(path, unescape(link)))
                if not target.netloc and not target.path.startswith(LEFT_OUT):
                    todo.append(target.path)


@pytest.mark.parametrize(("who", "language"), [("li", "zh"), ("chief", "en")])
def test_no_page_of_a_judge_tells_who_a_competitor_is(sqlite_app, day, who, language):
    client = sign_in(sqlite_app, who)
    with client.session_transaction() as session:
        session["language"] = language
    assert client.get("/tablet/T17/" if who == "li" else "/desk/T17").status_code == 200
    found = {}
    reached = 0
    for path, text in crawl(client, list(addresses(sqlite_app, day)), {}):
        reached += 1
        if leaked := leaks(text, path == "/" or path.startswith(PUBLIC)):
            found[path] = leaked
    assert reached > 60
    assert found == {}


def test_no_answer_to_a_tablet_tells_who_a_competitor_is(sqlite_app, day):
    with sqlite_app.app_context():
        token = pair(day, "li")
    client = sqlite_app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    paths = [
        one for one in addresses(sqlite_app, day) if one.startswith(("/tablet/api/", "/evidence/"))
    ]
    paths += [f"/tablet/api/sheets/{code}" for code in CODES]
    assert client.get(paths[-1], headers=bearer).status_code == 200
    found = {path: leaks(text, False) for path, text in crawl(client, paths, bearer)}
    assert {path: leaked for path, leaked in found.items() if leaked} == {}


def test_no_refusal_tells_who_a_competitor_is(sqlite_app, day):
    """Errors too: bad batches, other people's works, things that do not exist."""
    with sqlite_app.app_context():
        token = pair(day, "li")
    client = sqlite_app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    bodies = [
        {"posts": [{"key": "12345678", "code": code, "judge": day.judges["li"], **more}]}
        for code in (*CODES, "P41", "欧阳", "", "K-073'--")
        for more in (
            {"aspect": day.aspects["A2.01"], "value": 33},
            {"aspect": 10**6, "value": 1},
            {"sub_criterion": day.subs["A1"], "upto": 0},
            {"aspect": "x"},
        )
    ]
    for number, body in enumerate(bodies):
        body["posts"][0]["key"] = f"refusal-{number:04}"
        answer = client.post("/tablet/api/marks", json=body, headers=bearer)
        assert answer.status_code == 200
        assert leaks(plain(answer).replace("欧阳", ""), False) == []
    judge = sign_in(sqlite_app, "li")
    for path in ("/tablet/pair", "/desk/T17/lock", "/office/simulation", "/work/uploads/x"):
        for method in ("POST", "PUT", "DELETE"):
            answer = judge.open(path, method=method, json={"skill": "T17"})
            assert leaks(plain(answer), False) == []


def test_what_a_judge_reads_has_nothing_of_an_entry_but_its_code(sqlite_app, day):
    """By value, not by text: no number of an entry, its workstation or its people either."""
    with sqlite_app.app_context(), writing() as session:
        for entry in session.scalars(db.select(Entry)):
            entry.workstation = 770_000 + entry.id
        session.get(Skill, day.skill).is_blind = True
    with sqlite_app.app_context():
        token = pair(day, "li")
    client = sqlite_app.test_client()

    def leaves(value) -> Iterator[object]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from leaves(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from leaves(inner)
        else:
            yield value

    for path in ("pack", "progress", *(f"sheets/{code}" for code in CODES)):
        answer = client.get(f"/tablet/api/{path}", headers={"Authorization": f"Bearer {token}"})
        found = list(leaves(answer.json))
        assert not [one for one in found if isinstance(one, int) and one >= 770_000]
        assert not {"entry", "entry_id", "workstation", "alias", "members", "file"} & set(found)


def test_the_crawl_would_notice(sqlite_app, day):
    """The organiser's office names people: the same crawl finds them there."""
    assert leaks("<td>欧阳雪松</td>", False) == ["欧阳雪松", "欧阳", "雪松"]
    assert leaks("选手 P41", False) == ["P41"]
    assert leaks("选手 P41", True) == []
    assert leaks("a1P41b2c", False) == []
