"""Chinese and English: chosen by the person, kept across pages, Chinese by default."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, format_time, get_locale

LANGUAGES = ("zh", "en")


def chosen() -> str:
    """The language of this request: the person's choice, else Chinese."""
    if not has_request_context():
        return "zh"
    asked = session.get("language") or request.cookies.get("language")
    return asked if asked in LANGUAGES else "zh"


def choose(language: str) -> None:
    """Remember a choice for this browser."""
    if language in LANGUAGES:
        session["language"] = language


def name(row: Any, field: str = "name") -> str:  # noqa: ANN401 - any row or dict with both names
    """`row.name_zh` or `row.name_en` by language; the other one where the first is empty."""
    order = ("zh", "en") if chosen() == "zh" else ("en", "zh")
    read = row.get if isinstance(row, dict) else lambda key: getattr(row, key)
    return next((text for code in order if (text := read(f"{field}_{code}"))), "")


def time_of_day(at: datetime | str | None) -> str:
    """14:37 of the competition's day, from a time or from its ISO text in a document."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    return str(format_time(at, "HH:mm")) if at else ""


def register(app: Flask, translations: Path) -> None:
    """Set up Flask-Babel and what templates use of it."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, default_locale="zh", locale_selector=chosen)
    app.jinja_env.globals.update(name=name, get_locale=get_locale)
    app.jinja_env.filters["time_of_day"] = time_of_day
