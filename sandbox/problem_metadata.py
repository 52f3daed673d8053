"""problem.yaml of a problem package: legacy, and 2023-07 (finished as 2025-09) where it differs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from sandbox.problem import Format, ProblemLimits
from sandbox.problem_tree import Keys, Tree
from sandbox.scoring import BadGrader, score_of

VERSIONS: Final[Mapping[str, Format]] = {
    "legacy": "legacy",
    "legacy-icpc": "legacy",
    "2023-07": "2023-07",
    "2023-07-draft": "2023-07",
    "2025-09": "2023-07",
    "2025-09-draft": "2023-07",
}
_CREDITS: Final = ("source", "license", "rights_owner", "keywords", "uuid")
_LEGACY: Final = (
    *("problem_format_version", "type", "name", "author", "source_url", "limits"),
    *("validation", "validator_flags", "grading", *_CREDITS),
)
_MODERN: Final = (
    *("problem_format_version", "type", "name", "version", "credits", "embargo_until", "limits"),
    *("languages", "allow_file_writing", "constants", *_CREDITS),
)
_SIZES: Final = (
    *("memory", "output", "code", "compilation_time", "compilation_memory"),
    *("validation_time", "validation_memory", "validation_output"),
)
_LONGEST_S: Final = 3600
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass(frozen=True)
class Metadata:
    """What problem.yaml says of judging."""

    format: Format
    names: Mapping[str, str]
    scoring: bool = False
    interactive: bool = False
    custom: bool = False
    custom_score: bool = False
    maximize: bool = True
    validator_flags: tuple[str, ...] = ()
    limits: ProblemLimits = ProblemLimits()  # noqa: RUF009 (frozen)
    languages: frozenset[str] | None = None
    constants: Mapping[str, str] | None = None


def read(tree: Tree) -> Metadata:
    """The metadata; what is wrong with them is among the tree's findings."""
    keys = tree.yaml("problem.yaml")
    version = keys.text("problem_format_version", "legacy")
    if version not in VERSIONS:
        keys.wrong(
            "problem_format_version",
            "应为 legacy、2023-07 或 2025-09",
            "must be legacy, 2023-07 or 2025-09",
        )
    modern = VERSIONS.get(version) == "2023-07"
    keys.only(_MODERN if modern else _LEGACY)
    found = _modern(keys) if modern else _legacy(keys)
    return replace(found, limits=_limits(tree, keys.inner("limits"), modern))


def _legacy(keys: Keys) -> Metadata:
    kind = keys.choice("type", ("pass-fail", "scoring"))
    words = keys.text("validation", "default").split() or ["default"]
    known = ("score", "interactive")
    if words[0] not in ("default", "custom") or (words[0] == "default" and len(words) > 1):
        keys.wrong("validation", "应以 default 或 custom 开头", "must begin with default or custom")
    elif strange := [word for word in words[1:] if word not in known]:
        shown = strange[0][:30]
        keys.wrong("validation", f"不认识“{shown}”", f'does not know "{shown}"')
    scoring = kind == "scoring"
    if "score" in words and not scoring:
        keys.wrong(
            "validation", "有 score,而 type 不是 scoring", "has score, but type is not scoring"
        )
    grading = keys.inner("grading")
    grading.only(("objective", "show_test_data_groups"))
    name = keys.text("name")
    return Metadata(
        format="legacy",
        names={"en": name} if name else {},
        scoring=scoring,
        interactive="interactive" in words,
        custom=words[0] == "custom",
        custom_score="score" in words,
        maximize=grading.choice("objective", ("max", "min")) == "max",
        validator_flags=flags(keys, "validator_flags"),
    )


def _modern(keys: Keys) -> Metadata:
    value = keys.plain.get("type", "pass-fail")
    kinds = [value] if isinstance(value, str) else value
    known = ("pass-fail", "scoring", "interactive")
    if not isinstance(kinds, list) or not kinds or not all(isinstance(k, str) for k in kinds):
        keys.wrong("type", "应为一种类型或其列表", "must be a type or a list of types")
        kinds = ["pass-fail"]
    for kind in sorted({*kinds} - {*known}):
        keys.wrong("type", f"“{kind[:30]}”不受支持", f'"{kind[:30]}" is not supported')
    if {"pass-fail", "scoring"} <= {*kinds}:
        keys.wrong("type", "不能同时为 pass-fail 和 scoring", "cannot be pass-fail and scoring")
    return Metadata(
        format="2023-07",
        names=_names(keys),
        scoring="scoring" in kinds,
        interactive="interactive" in kinds,
        languages=_languages(keys),
        constants=_constants(keys.inner("constants")),
    )


def _names(keys: Keys) -> dict[str, str]:
    value = keys.plain.get("name")
    if isinstance(value, str) and value.strip():
        return {"en": value}
    if isinstance(value, dict) and value and all(_is_name(k, v) for k, v in value.items()):
        return dict(value)
    keys.wrong(
        "name",
        "应为名称,或语言到名称的对应",
        "must be the name, or map languages to names",
    )
    return {}


def _is_name(language: object, name: object) -> bool:
    fine = isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None
    return fine and isinstance(name, str) and bool(name.strip())


def _languages(keys: Keys) -> frozenset[str] | None:
    if keys.plain.get("languages", "all") == "all":
        return None
    languages = keys.words("languages")
    if not languages:
        keys.wrong("languages", "应为 all 或语言列表", "must be all or a list of languages")
        return None
    return frozenset(languages)


def _constants(keys: Keys) -> dict[str, str]:
    return {name: keys.text(name) for name in keys.plain if isinstance(name, str)}


def _limits(tree: Tree, keys: Keys, modern: bool) -> ProblemLimits:
    base = ProblemLimits()
    if modern:
        keys.only((*_SIZES, "time_multipliers", "time_limit", "time_resolution"))
        times = keys.inner("time_multipliers")
        times.only(("ac_to_time_limit", "time_limit_to_tle"))
        ac, tle = _exact(times, "ac_to_time_limit", 2), _exact(times, "time_limit_to_tle", 1.5)
    else:
        keys.only((*_SIZES, "time_multiplier", "time_safety_margin"))
        ac, tle = _exact(keys, "time_multiplier", 5), _exact(keys, "time_safety_margin", 2)

    def size(key: str, default: int, factor: int = 1) -> int:
        return int(keys.number(key, default / factor, 1, 65_536) * factor)

    given = keys.number("time_limit", 0, 0.01, _LONGEST_S) if modern else 0
    return ProblemLimits(
        time_ms=round(given * 1000) or _timelimit(tree),
        ac_to_limit=ac,
        limit_to_tle=tle,
        resolution_ms=round(keys.number("time_resolution", 1, 0.01, 60) * 1000) if modern else 1000,
        memory_mb=size("memory", base.memory_mb),
        output_kb=size("output", base.output_kb, 1024),
        code_kb=size("code", base.code_kb),
        compile_ms=size("compilation_time", base.compile_ms, 1000),
        compile_memory_mb=size("compilation_memory", base.compile_memory_mb),
        validation_ms=size("validation_time", base.validation_ms, 1000),
        validation_memory_mb=size("validation_memory", base.validation_memory_mb),
        validation_output_kb=size("validation_output", base.validation_output_kb, 1024),
    )


def _exact(keys: Keys, key: str, default: float) -> Fraction:
    return Fraction(str(keys.number(key, default, 1, 1000)))


def _timelimit(tree: Tree) -> int | None:
    """`.timelimit`, whose name hides it from `Tree`: the seconds settled on once for all."""
    path = tree.folder / ".timelimit"
    if not path.is_file() or path.is_symlink():
        return None
    try:
        seconds = score_of(path.read_bytes()[:40].decode("ascii"))
        if not 0 < seconds <= _LONGEST_S:
            raise BadGrader
    except (OSError, ValueError, BadGrader):
        tree.findings.wrong(".timelimit 里应是秒数。", ".timelimit must hold a number of seconds.")
        return None
    return int(seconds * 1000)


def flags(keys: Keys, key: str) -> tuple[str, ...]:
    """Arguments of a program, split as a shell would."""
    try:
        return tuple(shlex.split(keys.text(key)))
    except ValueError:
        keys.wrong(key, "的引号不成对", "has a quote without its pair")
        return ()
