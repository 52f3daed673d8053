"""校验台账 Verify an exported ledger: python3 verify_ledger.py [FILE.zip | FOLDER] [--key KEY]

Needs Python 3.11 or later and nothing else. It travels in every bundle that `podium ledger export`
writes, and Podium itself verifies with these very functions. Exit: 0 whole, 1 not, 2 asked wrongly.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from competition.rules.ed25519 import is_signed, key_typed

Row = Mapping[str, Any]
Thing = tuple[str, int]  # ("observation", 12)

ROWS, MARKS, NAMES, HEADS, DAYS = "rows.jsonl", "marks.jsonl", "names.json", "heads.json", "days/"
SLACK = 60  # seconds between a mark and the row of the ledger that notes it


class Fault(NamedTuple):
    """What does not fit, as a sentence in both languages, and where."""

    chain: str
    number: int | None
    zh: str
    en: str


# Chains


def canonical(value: object) -> bytes:
    """JSON in the one form that is hashed and signed."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


HASHED = ("chain", "number", "at", "actor", "act", "subject", "body", "previous")


def row_hash(row: Row) -> str:
    """SHA-256 of a row, the hash of the row before it included."""
    return hashlib.sha256(canonical({name: row[name] for name in HASHED})).hexdigest()


class Walk(NamedTuple):
    """A chain from its first row on: how far it is whole. `bad` is the first row that is not."""

    rows: int
    head: str
    bad: int | None
    zh: str
    en: str

    @property
    def ok(self) -> bool:
        return self.bad is None


MISSING = ("缺失，或次序不对", "is missing, or stands out of order")
LOOSE = ("与前一行不相接", "does not follow the row before it")
CHANGED = ("写入后被改动", "was changed after it was written")
CUT = ("缺失：末尾的行被删去", "is missing: rows were cut off at the end")
EXTRA = ("是链首之后多出来的", "stands past the head of its chain")


def walk(
    rows: Iterable[Row], end: tuple[int, str], look: Callable[[Row], object] = lambda row: None
) -> Walk:
    """Walk a chain up to `end`, its last number and hash; `look` is shown every row that fits."""
    number, head = 0, ""
    for row in rows:
        number += 1
        if row["number"] != number:
            return Walk(number - 1, head, number, *MISSING)
        if row["previous"] != head:
            return Walk(number, head, number, *LOOSE)
        if row["hash"] != row_hash(row):
            return Walk(number, head, number, *CHANGED)
        if number > end[0]:
            return Walk(number, head, number, *EXTRA)
        head = row["hash"]
        look(row)
    if number < end[0]:
        return Walk(number, head, number + 1, *CUT)
    return (
        Walk(number, head, number, *LOOSE) if head != end[1] else Walk(number, head, None, "", "")
    )


# Marks, as their rows say and as the ledger says


def marks_told(row: Row) -> Iterator[tuple[Thing, dict[str, Any]]]:
    """The marks that a row of the ledger notes, each with what it says of them."""
    body = row["body"]
    listed = body.get("marks")
    for item in listed if isinstance(listed, list) else [body]:
        if not isinstance(item, dict):
            continue
        told = {"number": row["number"], "at": row["at"], "key": item.get("key")}
        if "observation" in item and "after" in item:
            same = ("entry", "aspect", "round", "base", "reason", "state", "device_at")
            told.update({name: item.get(name) for name in same})
            told.update(value=item["after"], observed=item.get("observed"), **_given_by(row))
            yield ("observation", item["observation"]), told
        elif "confirmation" in item:
            told.update({name: item.get(name) for name in ("entry", "sub_criterion", "upto")})
            told["judge"] = body.get("as", row["actor"])
            yield ("confirmation", item["confirmation"]), told
        elif "tie" in item:
            told.update({name: item.get(name) for name in ("by", "figures", "reason", "locked_at")})
            told["judge"] = body.get("as", row["actor"])
            yield ("tie", item["tie"]), told


def _given_by(row: Row) -> dict[str, Any]:
    """Who gave the marks of a row, as far as its act says so."""
    act, body = row["act"], row["body"]
    judge, decides = body.get("as", row["actor"]), act == "marks.decide"
    if act == "marks.propose":
        number = int(row["subject"].rpartition(":")[2])
        return {"source": "machine", "judge": None, "decides": False, "evaluation": number}
    if act in ("marks.record", "marks.decide"):
        device = None if decides else body.get("device")
        return {"source": "judge", "judge": judge, "decides": decides, "device": device}
    return {}


FIELDS = {
    "value": "分值 value", "observed": "观测值 observed", "reason": "理由 reason",
    "entry": "作品 work", "aspect": "评分点 aspect", "sub_criterion": "评分子项 sub-criterion",
    "judge": "裁判 judge", "device": "设备 device", "state": "状态 state", "round": "轮次 round",
    "base": "依据 base", "decides": "裁定 decision", "source": "来源 source", "key": "标识 key",
    "evaluation": "评测 evaluation", "upto": "复核到 confirmed up to", "at": "时间 time",
    "device_at": "设备时间 device time", "by": "裁决依据 decided by", "figures": "裁决 decision",
    "locked_at": "锁定时间 locked at",
}  # fmt: skip


class Names:
    """What people call chains, works and aspects, by their numbers."""

    def __init__(self, given: Mapping[str, Mapping[str, str]]) -> None:
        self.given = given

    def of(self, kind: str, number: object) -> str:
        return self.given.get(kind, {}).get(str(number), f"#{number}")

    def place(self, told: Row) -> tuple[str, str]:
        if "figures" in told:
            works = [self.of("entry", one["entry"]) for one in told["figures"]]
            return f"同分裁决 {'、'.join(works)}", f"tie of {', '.join(works)}"
        sheet = "aspect" if "aspect" in told else "sub_criterion"
        work, what = self.of("entry", told.get("entry")), self.of(sheet, told.get(sheet))
        return f"作品 {work} · {what}", f"work {work}, {what}"


def compare(
    chain: str, marks: Iterable[Row], told: dict[Thing, dict[str, Any]], names: Names
) -> Iterator[Fault]:
    """Where the rows of marks say another thing than the ledger; takes what it meets off `told`."""
    for mark in marks:
        said = told.pop((mark["kind"], mark["id"]), None)
        if said is None:
            zh, en = names.place(mark)
            yield Fault(
                chain, None, f"{chain} {zh}：{mark['kind']} {mark['id']} 不在台账中。",
                f"{chain}, {en}: {mark['kind']} {mark['id']} is not in the ledger.",
            )  # fmt: skip
            continue
        for name in FIELDS:
            if name in said and not _same(name, mark.get(name), said[name]):
                yield _differs(chain, mark, said, name, names)
    for (kind, number), said in told.items():
        zh, en = names.place(said)
        yield Fault(
            chain, said["number"],
            f"{chain} {zh}：台账第 {said['number']} 行记有 {kind} {number}，但它已不在评分中。",
            f"{chain}, {en}: row {said['number']} of the ledger notes {kind} {number}, which is"
            " not among the marks any more.",
        )  # fmt: skip


def _differs(chain: str, mark: Row, said: Row, name: str, names: Names) -> Fault:
    word_zh, word_en = FIELDS[name].split(" ", 1)
    zh, en = names.place(said)
    have, noted, number = mark.get(name), said[name], said["number"]
    if name in ("entry", "aspect", "sub_criterion"):
        have, noted = names.of(name, have), names.of(name, noted)
    return Fault(
        chain, number,
        f"{chain} {zh}：{word_zh}现为 {have}，台账第 {number} 行记为 {noted}（{mark['kind']}"
        f" {mark['id']}）。",
        f"{chain}, {en}: {word_en} is {have} now, but row {number} of the ledger says {noted}"
        f" ({mark['kind']} {mark['id']}).",
    )  # fmt: skip


def _same(name: str, have: Any, noted: Any) -> bool:  # noqa: ANN401 - JSON values
    if name != "at":
        return bool(have == noted)
    apart = _time(noted) - _time(have)
    return abs(apart.total_seconds()) <= SLACK


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


# Signed heads


def check_signature(signed: Row, key: str, what: str) -> Iterator[Fault]:
    """Whether a statement bears the signature of `key` (hexadecimal)."""
    try:
        good = is_signed(
            bytes.fromhex(key), canonical(signed["statement"]), bytes.fromhex(signed["signature"])
        )
    except (KeyError, TypeError, ValueError):
        good = False
    if not good:
        yield Fault(
            "heads", None, f"{what} 的签名与公钥 {key[:16]}… 不符。",
            f"The signature of {what} does not fit the public key {key[:16]}….",
        )  # fmt: skip


def heads_of(statement: Row) -> dict[Any, tuple[int, str]]:
    """Chain → (number, head) as a statement says."""
    return {one["chain"]: (one["number"], one["head"]) for one in statement["chains"]}


def check_heads(
    statement: Row, what: str, hashes: Mapping[tuple[Any, int], str], names: Names
) -> Iterator[Fault]:
    """Whether the chains still hold what was signed. `hashes`: (chain, number) → hash."""
    for chain, (number, head) in heads_of(statement).items():
        if number and hashes.get((chain, number)) != head:
            name = names.of("chain", chain)
            yield Fault(
                name, number, f"{name}：第 {number} 行不是 {what} 所签的那一行。",
                f"{name}: row {number} is not the one that was signed in {what}.",
            )  # fmt: skip


# A bundle


class Bundle:
    """The files of a bundle, in a zip file or unpacked in a folder."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)

    def read(self, name: str) -> bytes:
        return self.zip.read(name) if self.zip else (self.folder / name).read_bytes()

    def lines(self, name: str) -> Iterator[Any]:
        return (json.loads(line) for line in self.read(name).splitlines() if line.strip())

    def days(self) -> list[str]:
        if self.zip:
            return sorted(n for n in self.zip.namelist() if n.startswith(DAYS) and n[-1] != "/")
        return sorted(DAYS + path.name for path in (self.folder / DAYS).glob("*.json"))


class Report(NamedTuple):
    """What verifying a bundle found."""

    chains: list[tuple[str, Walk]]
    marks: int
    days: int
    key: str
    faults: list[Fault]


def verify_bundle(path: Path, key: str = "") -> Report:
    """Verify a bundle: signatures, files, chains, earlier heads, marks. `key`: the public key as it
    was published elsewhere; without it the bundle's own."""
    bundle = Bundle(path)
    signed = json.loads(bundle.read(HEADS))
    key, statement = key or str(signed["public_key"]), signed["statement"]
    names = Names(json.loads(bundle.read(NAMES)))
    faults = list(check_signature(signed, key, HEADS))
    for name, digest in statement["files"].items():
        if hashlib.sha256(bundle.read(name)).hexdigest() != digest:
            faults.append(Fault(name, None, f"文件 {name} 在导出后被改动。",
                                f"The file {name} was changed after the export."))  # fmt: skip
    hashes: dict[tuple[Any, int], str] = {}
    told: dict[Any, dict[Thing, dict[str, Any]]] = {}
    keys: list[str] = []
    walks = _walk_all(bundle, statement, names, _looker(hashes, told, keys))
    faults += [bad_row(name, found) for name, found in walks if found.bad is not None]
    if key not in keys:
        faults.append(Fault("competition", None, "台账中没有记载这把公钥。",
                            "The ledger does not note this public key."))  # fmt: skip
    for day in bundle.days():
        daily = json.loads(bundle.read(day))
        known = daily["public_key"] if daily["public_key"] in keys else key
        faults += check_signature(daily, known, day)
        faults += check_heads(daily["statement"], day, hashes, names)
    marks: dict[Any, list[Row]] = {}
    for mark in bundle.lines(MARKS):
        marks.setdefault(mark["skill"], []).append(mark)
    for chain in sorted(marks.keys() | told.keys(), key=str):
        name = names.of("chain", chain)
        faults += compare(name, marks.get(chain, []), told.get(chain, {}), names)
    return Report(walks, sum(map(len, marks.values())), len(bundle.days()), key, faults)


def _looker(
    hashes: dict[tuple[Any, int], str],
    told: dict[Any, dict[Thing, dict[str, Any]]],
    keys: list[str],
) -> Callable[[Row], None]:
    def look(row: Row) -> None:
        hashes[row["chain"], row["number"]] = row["hash"]
        for thing, said in marks_told(row):
            told.setdefault(row["chain"], {})[thing] = said
        if row["act"] == "ledger.key" and row["chain"] is None:
            keys.append(row["body"]["public_key"])

    return look


def _walk_all(
    bundle: Bundle, statement: Row, names: Names, look: Callable[[Row], None]
) -> list[tuple[str, Walk]]:
    chains: dict[Any, list[Row]] = {chain: [] for chain in heads_of(statement)}
    for row in bundle.lines(ROWS):
        chains.setdefault(row["chain"], []).append(row)
    heads = heads_of(statement)
    return [
        (names.of("chain", chain), walk(rows, heads.get(chain, (0, "")), look))
        for chain, rows in chains.items()
    ]


def bad_row(name: str, found: Walk) -> Fault:
    """The first bad row of a chain, as a sentence."""
    return Fault(name, found.bad, f"{name}：第 {found.bad} 行{found.zh}。",
                 f"{name}: Row {found.bad} {found.en}.")  # fmt: skip


def said(report: Report) -> str:
    """What a report says, for a person."""
    rows = sum(found.rows for _, found in report.chains)
    whole = "不完整 The ledger is NOT whole" if report.faults else "完整 The ledger is whole"
    counted = f"{len(report.chains)} 条链 chains, {rows} 行 rows, {report.marks} 条评分 marks"
    days = f"{report.days} 份每日链首 daily files of heads"
    return "\n".join(
        [*(f"{one.zh} {one.en}" for one in report.faults), f"台账{whole}：{counted}, {days}"]
    )


NO_KEY = (
    "给出的公钥不是 64 位十六进制数字，没有校验。请完整复制公布的公钥。",
    "The key that was given has not 64 hexadecimal digits; nothing was verified. Copy all of it.",
)


def main(words: list[str]) -> int:
    key = ""
    if "--key" in words:
        at = words.index("--key")
        try:
            key = key_typed("".join(words[at + 1 : at + 2]) or "-")
        except ValueError:
            sys.stdout.write(" ".join(NO_KEY) + "\n")
            return 2
        del words[at : at + 2]
    if any(word.startswith("-") for word in words) or len(words) > 1:
        sys.stdout.write(__doc__ or "")
        return 0 if {"-h", "--help"} & set(words) else 2
    path = Path(words[0]) if words else Path(__file__).resolve().parent
    try:
        report = verify_bundle(path, key)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        sys.stdout.write(
            f"{path}：不是完整的台账导出文件，无法校验。 Not a whole export of a ledger.\n"
            f"({type(error).__name__}: {error})\n"
        )
        return 1
    sys.stdout.write(f"{said(report)}\n公钥 public key: {report.key}\n")
    if not key:
        sys.stdout.write("请与公布的公钥核对（--key 公钥）。 Compare it with the key as it was"
                         " published (--key KEY).\n")  # fmt: skip
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
