"""A project's lock file against the store of packages: what is needed, or a sentence. Pure.

Nothing is downloaded while judging. Each package that package-lock.json names must lie in the
task's store as the very bytes the lock speaks of (its integrity); the lock is then rewritten so
that npm takes the file from there.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sandbox.names import display

INSIDE: Final = "../store"  # where the store's files lie, seen from the project
KINDS: Final = ("dependencies", "devDependencies", "optionalDependencies")
SHOWN: Final = 5


class Unbuildable(Exception):
    """The project cannot be built as it was handed in; why, and what the build said."""

    def __init__(self, zh: str, en: str, log: str = "") -> None:
        self.zh, self.en, self.log = zh, en, log
        super().__init__(en)


@dataclass(frozen=True)
class Pinned:
    """The lock file as npm gets it, and the tarballs that it needs."""

    lock: bytes
    tarballs: tuple[Path, ...]


@lru_cache(maxsize=8)
def stored(folder: Path) -> Mapping[str, Path]:
    """Integrity → tarball."""
    found = {}
    for path in sorted(folder.glob("*.tgz")):
        digest = hashlib.sha512(path.read_bytes()).digest()
        found[f"sha512-{base64.b64encode(digest).decode()}"] = path
    return found


def pinned(manifest: bytes | None, lock: bytes | None, store: Mapping[str, Path]) -> Pinned | None:
    """None when the project needs no package; Unbuildable with the sentence otherwise."""
    described = _mapping(manifest, "package.json")
    if described is None:
        raise Unbuildable(
            "交来的项目里没有 package.json,无法构建。",
            "The project has no package.json, so it cannot be built.",
        )
    wanted = {name for kind in KINDS for name in _names(described.get(kind))}
    locked = _mapping(lock, "package-lock.json")
    if locked is None:
        if not wanted:
            return None
        raise Unbuildable(
            "缺少 package-lock.json:package.json 写了依赖,请在本机运行 npm install 后一起提交。",
            "package-lock.json is missing: package.json names dependencies. Run npm install and"
            " hand in the file it writes.",
        )
    packages = locked.get("packages")
    if not isinstance(packages, dict) or not isinstance(packages.get(""), dict):
        raise Unbuildable(
            "package-lock.json 的格式太旧或已损坏,请用 npm 7 以上重新生成。",
            "package-lock.json is of an old form or damaged; write it again with npm 7 or later.",
        )
    _agree(described, packages[""])
    return _from_store(locked, packages, store)


def _agree(described: dict[str, Any], root: dict[str, Any]) -> None:
    """package.json and the lock ask for the same packages."""
    differ = sorted(
        name
        for kind in KINDS
        for name in {*_names(described.get(kind)), *_names(root.get(kind))}
        if _names(described.get(kind)).get(name) != _names(root.get(kind)).get(name)
    )
    if differ:
        listed = ", ".join(display(name) for name in differ[:SHOWN])
        raise Unbuildable(
            f"package-lock.json 与 package.json 不一致:{listed}。请运行 npm install 后重新提交。",
            f"package-lock.json does not agree with package.json: {listed}. Run npm install and"
            " hand in again.",
        )


def _from_store(
    locked: dict[str, Any], packages: dict[str, Any], store: Mapping[str, Path]
) -> Pinned | None:
    missing, tarballs, rewritten = [], [], dict(packages)
    for place, entry in packages.items():
        name = place.rpartition("node_modules/")[2]
        if "node_modules/" not in place or not isinstance(entry, dict) or entry.get("link"):
            continue
        found = _found(str(entry.get("integrity", "")), store)
        if found is not None:
            tarballs.append(found)
            rewritten[place] = entry | {"resolved": f"file:{INSIDE}/{found.name}"}
        elif not entry.get("optional"):
            missing.append(f"{display(name)} {display(str(entry.get('version', '?')))}")
    if missing:
        listed, more = ", ".join(missing[:SHOWN]), len(missing) - SHOWN
        listed += f" … (+{more})" if more > 0 else ""
        raise Unbuildable(
            f"这些软件包(或这个版本)不在比赛提供的离线仓库里:{listed}。",
            f"These packages, or these versions, are not in the competition's offline store:"
            f" {listed}.",
        )
    if not tarballs:
        return None
    lock = json.dumps(locked | {"packages": rewritten}, ensure_ascii=False).encode()
    return Pinned(lock, tuple(dict.fromkeys(tarballs)))


def _found(integrity: str, store: Mapping[str, Path]) -> Path | None:
    return next((store[one] for one in integrity.split() if one in store), None)


def _names(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _mapping(data: bytes | None, name: str) -> dict[str, Any] | None:
    if data is None:
        return None
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise Unbuildable(f"{name} 不是有效的 JSON。", f"{name} is not valid JSON.")
    return plain
