"""The data folder of a problem package: tests, groups, and how each comes to its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

from sandbox.default_validator import BadFlags, flags_of
from sandbox.problem import Case, Group
from sandbox.problem_metadata import Metadata, flags
from sandbox.problem_tree import Keys, Tree
from sandbox.scoring import BadGrader, Grader, limit_of, score_of

_PARTS: Final = ("sample", "secret", "invalid_input", "invalid_output", "valid_output")
_LEGACY_KEYS: Final = (
    *("on_reject", "grading", "grader_flags", "input_validator_flags", "output_validator_flags"),
    *("accept_score", "reject_score", "range"),
)
_SCORING_KEYS: Final = ("accept_score", "reject_score", "range")
_MODERN_SCORING: Final = ("max_score", "score_aggregation", "require_pass")
_CASE_KEYS: Final = (
    *("args", "input_validator_args", "output_validator_args", "input_visualizer_args"),
    *("output_visualizer_args", "full_feedback", "hint", "description"),
)
_MODERN_KEYS: Final = (*_MODERN_SCORING, "static_validation_score", "static_validator_args")


def read(tree: Tree, metadata: Metadata) -> Group:
    """The group of everything, with sample and secret below it."""
    for name in tree.children("data"):
        last = name.removeprefix("data/")
        if last.endswith((".in", ".ans")) or (name in tree.folders and last not in _PARTS):
            tree.findings.wrong(
                f"{name} 应放在 data/sample 或 data/secret 里。",
                f"{name} must lie in data/sample or data/secret.",
            )
    reader = _Legacy(tree, metadata) if metadata.format == "legacy" else _Modern(tree, metadata)
    root = reader.root()
    if not any(case.name.startswith("secret/") for case in root.cases()):
        tree.findings.wrong("data/secret 里没有测试数据。", "data/secret holds no test data.")
    if metadata.custom or metadata.interactive or tree.children("output_validator"):
        return root
    for case in root.cases():
        try:
            flags_of(case.validator_flags)
        except BadFlags as bad:
            tree.findings.wrong(f"{case.name}:{bad.zh}", f"{case.name}: {bad.en}")
            break
    return root


class _Reader:
    """What both formats share: a test is an .in with its .ans."""

    def __init__(self, tree: Tree, metadata: Metadata) -> None:
        self.tree, self.metadata = tree, metadata
        self.findings = tree.findings

    def cases(self, folder: str, make: Callable[[str, Path, Path], Case]) -> dict[str, Case]:
        found: dict[str, Case] = {}
        for name in self.tree.children(folder):
            stem, dot, ending = name.rpartition(".")
            if name in self.tree.folders or ending not in ("in", "ans") or not dot:
                continue
            other = f"{stem}.{'ans' if ending == 'in' else 'in'}"
            if other not in self.tree.files:
                self.findings.wrong(
                    f"{name} 缺少对应的 {other}。", f"{name} has no {other} beside it."
                )
            elif ending == "in":
                case = stem.removeprefix("data/")
                found[stem] = make(case, self.tree.files[name], self.tree.files[other])
        return found

    def score(self, keys: Keys, key: str, default: Fraction) -> Fraction:
        if key not in keys:
            return default
        try:
            return score_of(keys.text(key))
        except BadGrader:
            keys.wrong(key, "应为一个数", "must be a number")
            return default


@dataclass(frozen=True)
class _Settings:
    """What testdata.yaml hands down to the groups below."""

    stop_at_reject: bool = True
    grader: Grader = Grader()  # noqa: RUF009 (frozen)
    flags: tuple[str, ...] = ()
    accept: Fraction = Fraction(1)
    reject: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None


class _Legacy(_Reader):
    """testdata.yaml: each property holds for the groups below unless they say otherwise."""

    def root(self) -> Group:
        settings = self.settings("data", _Settings(), top=True)
        groups = [
            self.group(f"data/{part}", settings)
            for part in ("sample", "secret")
            if f"data/{part}" in self.tree.folders
        ]
        return self.made("", settings, tuple(groups))

    def group(self, folder: str, above: _Settings) -> Group:
        settings = self.settings(folder, above)
        given = self.metadata.validator_flags + settings.flags
        cases = self.cases(folder, lambda name, i, a: Case(name, i, a, given))
        items: list[Case | Group] = []
        for name in self.tree.children(folder):
            if name in self.tree.folders:
                items.append(self.group(name, settings))
            elif name.endswith(".in") and name.removesuffix(".in") in cases:
                items.append(cases[name.removesuffix(".in")])
        if not items and folder != "data/sample":
            self.findings.wrong(f"{folder} 里没有测试数据。", f"{folder} holds no test data.")
        return self.made(folder.removeprefix("data/"), settings, tuple(items))

    def made(self, name: str, settings: _Settings, items: tuple[Case | Group, ...]) -> Group:
        return Group(
            name,
            items,
            settings.grader,
            settings.stop_at_reject,
            settings.accept,
            settings.reject,
            settings.low,
            settings.high,
        )

    def settings(self, folder: str, above: _Settings, *, top: bool = False) -> _Settings:
        above = replace(above, grader=replace(above.grader, ignore_sample=False))
        if f"{folder}/testdata.yaml" not in self.tree.files:
            return above
        keys = self.tree.yaml(f"{folder}/testdata.yaml")
        keys.only(_LEGACY_KEYS)
        for key in _SCORING_KEYS:
            if key in keys and not self.metadata.scoring:
                keys.wrong(key, "只用于 scoring 题", "is for scoring problems only")
        if keys.choice("grading", ("default", "custom")) == "custom":
            keys.wrong("grading", "为 custom,不受支持", "is custom, which is not supported")
        grader = self.grader(keys, top) if "grader_flags" in keys else above.grader
        stop = keys.choice("on_reject", ("break", "continue")) == "break"
        low, high = self.range(keys) if "range" in keys else (above.low, above.high)
        settings = _Settings(
            stop_at_reject=stop if "on_reject" in keys else above.stop_at_reject,
            grader=grader,
            flags=self.flags(keys) if "output_validator_flags" in keys else above.flags,
            accept=self.score(keys, "accept_score", above.accept),
            reject=self.score(keys, "reject_score", above.reject),
            low=low,
            high=high,
        )
        if settings.grader.ignore_sample and settings.stop_at_reject:
            keys.wrong(
                "grader_flags",
                "有 ignore_sample 时 on_reject 应为 continue",
                "has ignore_sample, so on_reject must be continue",
            )
        return settings

    def grader(self, keys: Keys, top: bool) -> Grader:
        try:
            grader = Grader.of(flags(keys, "grader_flags"))
        except BadGrader as bad:
            keys.wrong("grader_flags", f"不认识“{bad}”", f'does not know "{bad}"')
            return Grader()
        if grader.ignore_sample and not top:
            keys.wrong(
                "grader_flags",
                "里的 ignore_sample 只能写在 data/testdata.yaml",
                "has ignore_sample, which only data/testdata.yaml may",
            )
        return grader

    def flags(self, keys: Keys) -> tuple[str, ...]:
        value = keys.plain.get("output_validator_flags")
        if isinstance(value, dict):
            return flags(keys.inner("output_validator_flags"), "flags")
        return flags(keys, "output_validator_flags")

    def range(self, keys: Keys) -> tuple[Fraction | None, Fraction | None]:
        try:
            low, high = (limit_of(word) for word in keys.text("range").split())
            if low is not None and high is not None and low > high:
                raise BadGrader
        except (ValueError, BadGrader):
            keys.wrong("range", "应为从小到大的两个数", "must be two numbers, the lower first")
            return None, None
        return low, high


@dataclass(frozen=True)
class _Handed:
    """Arguments that test_group.yaml hands down to its tests."""

    args: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class _Modern(_Reader):
    """test_group.yaml: groups right below secret, with max_score and score_aggregation."""

    def root(self) -> Group:
        parts = [part for part in ("sample", "secret") if f"data/{part}" in self.tree.folders]
        groups = tuple(self.group(f"data/{part}", _Handed()) for part in parts)
        scoring = self.metadata.scoring
        secret = next((group for group in groups if group.name == "secret"), None)
        return Group(
            "",
            groups,
            Grader("always_accept" if scoring else "worst_error", "sum", ignore_sample=scoring),
            stop_at_reject=not scoring,
            low=Fraction(0),
            high=secret.high if secret else None,
        )

    def group(self, folder: str, above: _Handed) -> Group:
        keys = self.keys(folder)
        handed = self.handed(keys, above)
        cases = self.cases(folder, lambda name, i, a: self.case(name, i, a, handed))
        below = self.nested(folder, handed) if folder != "data/secret" else {}
        groups = []
        if folder == "data/secret":
            subfolders = [n for n in self.tree.children(folder) if n in self.tree.folders]
            groups = [self.group(n, handed) for n in subfolders if not n.endswith(".files")]
        if groups and cases:
            self.findings.wrong(
                "data/secret 里不能既有测试又有组。",
                "data/secret may hold tests or groups, not both.",
            )
        items: tuple[Case | Group, ...] = (*{**cases, **below}.values(), *groups)
        return self.scored(folder, keys, items)

    def keys(self, folder: str) -> Keys:
        """test_group.yaml, or testdata.yaml as drafts of the format called it."""
        names = (f"{folder}/test_group.yaml", f"{folder}/testdata.yaml")
        name = next((name for name in names if name in self.tree.files), None)
        if name is None:
            return Keys({}, folder, self.findings)
        keys = self.tree.yaml(name)
        keys.only((*_MODERN_KEYS, *_CASE_KEYS, "output_validator_flags"))
        if "static_validation_score" in keys:
            keys.wrong("static_validation_score", "不受支持", "is not supported")
        return keys

    def nested(self, folder: str, handed: _Handed) -> dict[str, Case]:
        """Tests in plain folders of a group, which are no groups themselves."""
        found: dict[str, Case] = {}
        for name in self.tree.children(folder):
            if name in self.tree.folders and not name.endswith(".files"):
                found |= self.cases(name, lambda n, i, a: self.case(n, i, a, handed))
                found |= self.nested(name, handed)
        return found

    def handed(self, keys: Keys, above: _Handed) -> _Handed:
        given = above.flags
        for key in ("output_validator_flags", "output_validator_args"):
            given = keys.words(key) if key in keys else given
        return _Handed(keys.words("args") if "args" in keys else above.args, given)

    def case(self, name: str, given: Path, answer: Path, handed: _Handed) -> Case:
        own = f"data/{name}.yaml"
        if own in self.tree.files:
            keys = self.tree.yaml(own)
            keys.only(_CASE_KEYS)
            handed = self.handed(keys, handed)
        files = self.tree.below(f"data/{name}.files")
        return Case(name, given, answer, handed.flags, handed.args, files)

    def scored(self, folder: str, keys: Keys, items: tuple[Case | Group, ...]) -> Group:
        name, secret = folder.removeprefix("data/"), folder == "data/secret"
        if not items and name != "sample":
            self.findings.wrong(f"{folder} 里没有测试数据。", f"{folder} holds no test data.")
        if not self.metadata.scoring or name == "sample":
            for key in _MODERN_SCORING:
                if key in keys:
                    keys.wrong(key, "在这里不能使用", "cannot be used here")
            return Group(name, items, stop_at_reject=not self.metadata.scoring)
        highest = self.highest(keys, Fraction(100) if secret else None)
        modes = ("sum", "pass-fail", "min") if secret else ("pass-fail", "sum", "min")
        chosen = keys.choice("score_aggregation", modes)
        mode: Literal["sum", "min"] = "min" if chosen == "min" else "sum"
        needs = tuple(keys.words("require_pass"))
        for need in needs:
            if need != "sample" and not (not secret and f"data/{need}" in self.tree.folders):
                keys.wrong("require_pass", f"找不到“{need[:60]}”", f'does not know "{need[:60]}"')
        if chosen == "pass-fail":
            if highest is None:
                keys.wrong("max_score", "应为整数", "must be a whole number")
            return Group(
                name, items, low=Fraction(0), high=highest, needs=needs,
                all_or_nothing=highest or Fraction(0),
            )  # fmt: skip
        each = Fraction(1) if highest is None else highest
        if mode == "sum" and highest is not None and items:
            each = highest / len(items)
        grader = Grader("worst_error" if not secret else "always_accept", mode)
        return Group(
            name, items, grader, False, accept_score=each, low=Fraction(0), high=highest,
            needs=needs,
        )  # fmt: skip

    def highest(self, keys: Keys, default: Fraction | None) -> Fraction | None:
        value: Any = keys.plain.get("max_score")
        if value is None:
            return default
        if value == "unbounded":
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9:
            return Fraction(value)
        keys.wrong("max_score", "应为整数或 unbounded", "must be a whole number or unbounded")
        return default
