"""The tags of the built front end."""

import json
import os
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from competition.views import assets

MANIFEST = {
    "board/main.ts": {
        "file": "assets/board-1.js",
        "isEntry": True,
        "css": ["assets/board-1.css"],
        "imports": ["_page.js"],
    },
    "_page.js": {"file": "assets/page-1.js", "css": ["assets/sky-1.css"], "imports": ["_io.js"]},
    "_io.js": {"file": "assets/io-1.js", "imports": ["_page.js"]},
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask("front", static_folder=str(tmp_path), static_url_path="/static")
    assets.register(app)
    return app


def build(app: Flask, manifest: dict[str, object], at: int) -> None:
    path = Path(app.static_folder or "") / "dist/.vite/manifest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest), "utf-8")
    os.utime(path, (at, at))


def tags(app: Flask, entry: str = "board") -> list[str]:
    with app.test_request_context():
        text = render_template_string("{{ asset(entry) }}", entry=entry)
    return [line.strip() for line in text.splitlines()]


def test_an_entry_brings_its_styles_what_it_imports_and_its_script(app: Flask) -> None:
    build(app, MANIFEST, at=1)
    assert tags(app) == [
        '<link rel="stylesheet" href="/static/dist/assets/board-1.css">',
        '<link rel="stylesheet" href="/static/dist/assets/sky-1.css">',
        '<link rel="modulepreload" href="/static/dist/assets/page-1.js">',
        '<link rel="modulepreload" href="/static/dist/assets/io-1.js">',
        '<script type="module" src="/static/dist/assets/board-1.js"></script>',
    ]


def test_a_new_build_shows_without_a_restart(app: Flask) -> None:
    build(app, MANIFEST, at=1)
    tags(app)
    build(app, {"board/main.ts": {"file": "assets/board-2.js"}}, at=2)
    assert tags(app) == ['<script type="module" src="/static/dist/assets/board-2.js"></script>']


def test_before_the_first_build_pages_still_open(app: Flask) -> None:
    assert tags(app) == ["<!-- the front end is not built: make build -->"]


def test_an_entry_nobody_built_is_our_mistake(app: Flask) -> None:
    build(app, MANIFEST, at=1)
    with pytest.raises(LookupError, match="bored"):
        tags(app, "bored")
