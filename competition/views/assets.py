"""The built front end in pages: `asset('board')` gives the tags of an entry.

`npm run build` writes `static/dist` and a manifest that says which hashed files belong to which
entry. It is read again when it changes, so that a build shows without a restart.
"""

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, url_for
from markupsafe import Markup

log = logging.getLogger(__name__)

Manifest = dict[str, dict[str, Any]]


def register(app: Flask) -> None:
    """Gives templates `asset(name)`."""
    app.jinja_env.globals["asset"] = asset_tags


def asset_tags(entry: str) -> Markup:
    """The style sheets and the module script of `frontend/<entry>/main.ts`."""
    manifest = _manifest(current_app)
    chunk = manifest.get(f"{entry}/main.ts")
    if chunk is None:
        if manifest:
            raise LookupError(f"no front-end entry named {entry!r}")
        return Markup("<!-- the front end is not built: make build -->")
    chunks = [chunk, *_imported(manifest, chunk)]
    styles = dict.fromkeys(css for one in chunks for css in one.get("css", []))
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_url(file)) for file in styles] + [
        Markup('<link rel="modulepreload" href="{}">').format(_url(one["file"]))
        for one in chunks[1:]
    ]
    tags.append(Markup('<script type="module" src="{}"></script>').format(_url(chunk["file"])))
    return Markup("\n  ").join(tags)


def built(entry: str) -> Path | None:
    """The built script of `frontend/<entry>/main.ts`; None while the front end is not built."""
    chunk = _manifest(current_app).get(f"{entry}/main.ts")
    return Path(current_app.static_folder or "static") / "dist" / chunk["file"] if chunk else None


def page_worker() -> Response:
    """The service worker by which pages open again without a network. It governs the folder that it
    is sent from, so each folder that wants it has an address for it."""
    script = built("page_worker")
    if script is None:
        abort(404)
    answer = Response(script.read_text("utf-8"), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def version(entry: str) -> str:
    """What tells one build of an entry from another; empty while the front end is not built."""
    script = built(entry)
    return script.stem.removeprefix(f"{entry}-")[:40] if script else ""


def _imported(manifest: Manifest, chunk: dict[str, Any]) -> list[dict[str, Any]]:
    """Every chunk that `chunk` imports, each once, nearest first."""
    found: dict[str, dict[str, Any]] = {}
    queue = list(chunk.get("imports", []))
    while queue:
        name = queue.pop(0)
        if name not in found:
            found[name] = manifest[name]
            queue.extend(manifest[name].get("imports", []))
    return list(found.values())


def _url(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")


def _manifest(app: Flask) -> Manifest:
    path = Path(app.static_folder or "static") / "dist" / ".vite" / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        log.warning("the front end is not built: %s is missing", path)
        return {}


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Manifest:
    manifest: Manifest = json.loads(path.read_text("utf-8"))
    return manifest
