"""Documents that everybody may read: Markdown as HTML, PDFs and pictures under their SHA-256 in
`PODIUM_DATA/blobs/`, where they lie as everything else does that is named by its content."""

import hashlib
import re
from pathlib import Path

from flask import current_app
from markdown_it import MarkdownIt
from markupsafe import Markup

from competition import key_files
from competition.offload import offload
from competition.rules import pictures

SHA256 = re.compile(r"[0-9a-f]{64}")


def html(text: str) -> Markup:
    """Markdown as HTML. HTML in it is shown as text, pictures are not loaded from anywhere, and a
    link leads to no script: markdown-it refuses such addresses."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(reader.render(text))  # noqa: S704 - rendered with HTML off


def is_pdf(data: bytes) -> bool:
    """Whether these bytes are a whole PDF."""
    return pictures.media_type(data) == pictures.PDF


def keep(data: bytes) -> str:
    """Keep a document; gives its SHA-256. The same bytes are kept once."""
    digest = name_of(data)
    place = path(digest)
    if not place.exists():
        offload(key_files.replace, place, data)
    return digest


def name_of(data: bytes) -> str:
    """The SHA-256 under which a document is kept."""
    return hashlib.sha256(data).hexdigest()


def path(sha256: str) -> Path:
    """Where a document lies, whether it is there or not."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in small hexadecimal letters")
    return Path(current_app.config["PODIUM_DATA"]) / "blobs" / sha256[:2] / sha256
