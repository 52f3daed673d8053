"""The submissions that come with a problem package, and what is expected of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from sandbox.names import display
from sandbox.problem import EVERY, KnownProgram, Program, Rule, matches
from sandbox.problem_metadata import Metadata
from sandbox.problem_tree import Keys, Tree
from sandbox.scoring import KATTIS, BadGrader, score_of
from sandbox.verdict import Verdict

SEARCHED: Final = 65_536  # bytes of a source that are searched for a comment
_NO_CODE: Final = ("submissions.yaml", "README.md", "README")


def _kattis(*words: str) -> frozenset[Verdict]:
    return frozenset(v for v, word in KATTIS.items() if word in words and v is not Verdict.PARTIAL)


_LEGACY: Final[Mapping[str, frozenset[Verdict]]] = {
    "accepted": _kattis("AC"),
    "partially_accepted": _kattis("AC"),
    "wrong_answer": _kattis("WA"),
    "time_limit_exceeded": _kattis("TLE"),
    "run_time_error": _kattis("RTE"),
}
_MODERN: Final[Mapping[str, Rule]] = {
    "accepted": Rule(permitted=_kattis("AC"), lower=True),
    "rejected": Rule(required=_kattis("RTE", "TLE", "WA")),
    "wrong_answer": Rule("", _kattis("AC", "WA"), _kattis("WA"), lower=True),
    "time_limit_exceeded": Rule("", _kattis("AC", "TLE"), _kattis("TLE"), upper=True),
    "run_time_error": Rule("", _kattis("AC", "RTE"), _kattis("RTE"), lower=True),
    "brute_force": Rule("", _kattis("AC", "RTE", "TLE"), _kattis("RTE", "TLE")),
}
_COMMENT: Final = re.compile(rb"@EXPECTED_RESULTS@:?[ \t]*([A-Za-z_, \t-]+)")
_NAMED: Final[Mapping[str, frozenset[Verdict]]] = {
    **dict.fromkeys(("CORRECT", "ACCEPTED", "AC"), _kattis("AC")),
    **dict.fromkeys(("WRONGANSWER", "WA"), _kattis("WA")),
    **dict.fromkeys(("TIMELIMIT", "TIMELIMITEXCEEDED", "TLE"), _kattis("TLE")),
    **dict.fromkeys(("RUNERROR", "RUNTIMEERROR", "RTE"), _kattis("RTE")),
    "MEMORYLIMIT": frozenset({Verdict.MLE}),
    "OUTPUTLIMIT": frozenset({Verdict.OLE}),
    "NOOUTPUT": _kattis("WA"),
    "COMPILERERROR": frozenset({Verdict.CE}),
    "CHECKMANUALLY": EVERY,
}
_RULE_KEYS: Final = ("permitted", "required", "score", "message", "use_for_time_limit")
_ABOUT_KEYS: Final = ("language", "entrypoint", "authors", "model_solution")


def read(tree: Tree, metadata: Metadata) -> tuple[KnownProgram, ...]:
    """All of them, by folder and name."""
    modern = metadata.format == "2023-07"
    listed = _Listed(tree) if modern else None
    found: list[KnownProgram] = []
    for folder in tree.children("submissions"):
        if folder not in tree.folders:
            continue
        for name in tree.children(folder):
            known = _known(tree, folder.removeprefix("submissions/"), name, listed)
            if known is not None:
                found.append(known)
    if not any(known.name.startswith("accepted/") for known in found):
        tree.findings.wrong(
            "submissions/accepted 里没有提交。", "submissions/accepted holds no submission."
        )
    return tuple(found)


def _known(tree: Tree, folder: str, name: str, listed: _Listed | None) -> KnownProgram | None:
    short = name.removeprefix("submissions/")
    program = program_at(tree, name)
    if program is None:
        return None
    commented = _commented(tree, program)
    if listed is not None:
        program = listed.told_of(program, short)
        rules = listed.rules(folder, short)
        if not rules and commented is None:
            _unknown(tree, short)
            return None
        fails = commented is not None and Verdict.CE in commented
        return KnownProgram(
            short, program, commented or EVERY, rules=rules, may_fail_to_compile=fails
        )
    expected = commented or _LEGACY.get(folder)
    if expected is None:
        _unknown(tree, short)
        return None
    partial = folder == "partially_accepted" and commented is None
    return KnownProgram(
        short, program, expected, partial, may_fail_to_compile=Verdict.CE in expected
    )


def _unknown(tree: Tree, name: str) -> None:
    tree.findings.odd(
        f"submissions/{name} 没有写明应得的结果,不评测。",
        f"submissions/{name} is not judged: nothing says what is expected of it.",
    )


def program_at(tree: Tree, name: str) -> Program | None:
    """The program that a file or folder of the package is."""
    if name in tree.files:
        last = name.rpartition("/")[2]
        if last in _NO_CODE:
            return None
        return Program(last, {last: tree.files[name]})
    files = tree.below(name)
    if not files:
        tree.findings.wrong(f"{name} 是空文件夹。", f"{name} is an empty folder.")
        return None
    return Program(name.rpartition("/")[2], files)


def _commented(tree: Tree, program: Program) -> frozenset[Verdict] | None:
    """What a comment @EXPECTED_RESULTS@ allows; it counts more than the folder."""
    for name, path in program.files.items():
        with path.open("rb") as file:
            found = _COMMENT.search(file.read(SEARCHED))
        if found is None:
            continue
        words = [re.sub(r"[-_\s]", "", w).upper() for w in found[1].decode().split(",")]
        for word in words:
            if word not in _NAMED:
                tree.findings.odd(
                    f"{name} 里的 @EXPECTED_RESULTS@ 不认识“{word[:40]}”。",
                    f'{name}: @EXPECTED_RESULTS@ does not know "{word[:40]}".',
                )
        allowed = frozenset[Verdict]().union(*(_NAMED.get(w, frozenset()) for w in words))
        return allowed or None
    return None


class _Listed:
    """submissions.yaml: globs of submissions, each with requirements for all or some tests."""

    def __init__(self, tree: Tree) -> None:
        there = "submissions/submissions.yaml" in tree.files
        self.keys = (
            tree.yaml("submissions/submissions.yaml")
            if there
            else Keys({}, "submissions.yaml", tree.findings)
        )
        self.entries = {
            glob: self.keys.inner(glob) for glob in self.keys.plain if isinstance(glob, str)
        }
        self.made = {glob: tuple(self._rules(glob, keys)) for glob, keys in self.entries.items()}

    def told_of(self, program: Program, name: str) -> Program:
        """With the language and entry point that the file gives it, if it does."""
        for glob, keys in self.entries.items():
            if matches(glob, name):
                program = replace(
                    program,
                    language=keys.text("language", program.language),
                    entry=keys.text("entrypoint", program.entry),
                )
        return program

    def rules(self, folder: str, name: str) -> tuple[Rule, ...]:
        """Those of the folder, unless the file replaces them, and of every glob that matches."""
        rules = [] if folder in self.made or folder not in _MODERN else [_MODERN[folder]]
        for glob, made in self.made.items():
            rules += made if matches(glob, name) else ()
        return tuple(rules)

    def _rules(self, glob: str, keys: Keys) -> list[Rule]:
        inner = [key for key, value in keys.plain.items() if isinstance(value, dict)]
        parts = [key for key in inner if isinstance(key, str)]
        keys.only((*_RULE_KEYS, *_ABOUT_KEYS, *parts))
        default = _MODERN.get(glob)
        own = self._rule("", keys, default or Rule())
        rules = [] if default is None and not any(key in keys for key in _RULE_KEYS) else [own]
        for part in parts:
            below = keys.inner(part)
            below.only(_RULE_KEYS)
            rules.append(self._rule(part, below, Rule()))
        return rules

    def _rule(self, pattern: str, keys: Keys, default: Rule) -> Rule:
        permitted = self._verdicts(keys, "permitted", default.permitted)
        required = self._verdicts(keys, "required", default.required)
        used = keys.plain.get("use_for_time_limit")
        if used not in (None, False, True, "lower", "upper"):
            keys.wrong("use_for_time_limit", "应为 false、lower 或 upper", "is unknown")
        slow = Verdict.TLE
        return Rule(
            pattern,
            permitted,
            required & permitted or required,
            self._score(keys),
            keys.text("message"),
            lower=used == "lower" or (used is not False and slow not in permitted),
            upper=used == "upper" or (used is not False and required <= _kattis("TLE")),
        )

    def _verdicts(self, keys: Keys, key: str, default: frozenset[Verdict]) -> frozenset[Verdict]:
        if key not in keys:
            return default
        words = keys.words(key)
        for word in words:
            if word not in ("AC", "WA", "TLE", "RTE"):
                keys.wrong(key, f"不认识“{display(word)}”", f'does not know "{display(word)}"')
        return _kattis(*words) or default

    def _score(self, keys: Keys) -> tuple[Fraction, Fraction] | None:
        if "score" not in keys:
            return None
        try:
            ends = [score_of(word) for word in keys.words("score")]
            low, high = (ends[0], ends[-1])
            if len(ends) > 2 or low > high:
                raise BadGrader
        except (BadGrader, IndexError):
            keys.wrong("score", "应为一个数或从小到大的两个数", "must be a number or two")
            return None
        return low, high
