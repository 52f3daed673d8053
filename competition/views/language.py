"""Chinese and English: chosen by the person, kept across pages, Chinese by default."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, format_datetime, format_time, get_locale
from werkzeug.exceptions import HTTPException

LANGUAGES = ("zh", "en")
View = TypeVar("View", bound=Callable[..., Any])
HALL = ZoneInfo("Asia/Shanghai")


def chosen() -> str:
    """The language of this request: the person's choice, else Chinese."""
    if not has_request_context():
        return "zh"
    asked = g.get("language") or session.get("language") or request.cookies.get("language")
    return asked if asked in LANGUAGES else "zh"


def speak(language: str) -> None:
    """Answer this request in a language whatever the person chose: in Chinese by default."""
    g.language = language if language in LANGUAGES else LANGUAGES[0]


def choose(language: str) -> None:
    """Remember a choice for this browser."""
    if language in LANGUAGES:
        session["language"] = language


def only_looks(view: View) -> View:
    """Of a view that is posted to and changes nothing: the switch of languages posts again."""
    view.only_looks = True  # type: ignore[attr-defined]
    return view


def comes_back() -> tuple[str, bool]:
    """Where the switch of languages leads back to, and whether the form is posted there again. A
    page that answered a form may have no address to come back to: its own, else the form's."""
    if request.method in ("GET", "HEAD"):
        return request.full_path, False
    if posts_again(request.path):
        return request.full_path, True
    asked_on = urlsplit(request.referrer or "")
    before = asked_on.path if asked_on.netloc == request.host else ""
    return next((path for path in (request.path, before) if is_page(path)), "/"), False


def is_page(address: str) -> bool:
    """Whether one can go to an address of this site, and not only post to it."""
    return _view(address, "GET") is not None


def posts_again(address: str) -> bool:
    """Whether what is posted to an address changes nothing."""
    return getattr(_view(address, "POST"), "only_looks", False)


def _view(address: str, method: str) -> Callable[..., Any] | None:
    try:
        endpoint, _named = current_app.url_map.bind("").match(urlsplit(address).path, method)
    except HTTPException:
        return None
    return current_app.view_functions[endpoint]


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


def day_and_time(at: datetime | None) -> str:
    """2026-11-23 14:37 of the competition's own zone."""
    return str(format_datetime(at, "yyyy-MM-dd HH:mm")) if at else ""


def typed_time(text: str) -> datetime | None:
    """What a datetime-local field holds, as the hall's clock shows it; None when it is empty or
    not a time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HALL)
    except ValueError:
        return None


def register(app: Flask, translations: Path) -> None:
    """Set up Flask-Babel and what templates use of it."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    app.config["BABEL_DEFAULT_TIMEZONE"] = HALL.key
    Babel(app, default_locale="zh", locale_selector=chosen)
    app.jinja_env.globals.update(name=name, get_locale=get_locale, comes_back=comes_back)
    app.jinja_env.filters["time_of_day"] = time_of_day
    app.jinja_env.filters["day_and_time"] = day_and_time
