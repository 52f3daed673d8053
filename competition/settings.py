"""Settings: a short mapping from the environment or the settings file, checked at start-up.

`SETTINGS` is the whole list; the README's table must name each (a test holds that). Nothing is
read when a module is imported.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Values = dict[str, Any]


class SettingsError(Exception):
    """A setting is missing or malformed; the text names the variable and says what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its default (None: must be given), how its text is read, what it is for."""

    name: str
    default: str | None
    read: Callable[[str], Any]
    means: str


def _secret(text: str) -> str:
    if len(text) < 16:
        raise ValueError("至少 16 个字符 / at least 16 characters")
    return text


def _key(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("至少 32 个字符 / at least 32 characters")
    return text


def _database(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(
            "应形如 sqlite:////绝对/路径.db 或 postgresql://… / should look like that"
        ) from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.get_backend_name() != "sqlite":
        raise ValueError("只支持 SQLite 与 PostgreSQL / only SQLite and PostgreSQL")
    return text


def _yes(text: str) -> bool:
    if text.lower() not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise ValueError("应为 0 或 1 / should be 0 or 1")
    return text.lower() in {"1", "true", "yes"}


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 0 < number < 65536:
        raise ValueError("应为 1 至 65535 的整数 / should be a whole number from 1 to 65535")
    return number


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("应以 http:// 或 https:// 开头 / should begin with http:// or https://")
    return text


def _folder(text: str) -> Path | None:
    return Path(text).resolve() if text else None


def _log(text: str) -> str:
    if text not in {"text", "json"}:
        raise ValueError("应为 text 或 json / should be text or json")
    return text


def _words(text: str) -> str:
    return text


def _minutes(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= number <= 120:
        raise ValueError("应为 1 至 120 的整数 / should be a whole number from 1 to 120")
    return number


SETTINGS = (
    Setting("PODIUM_SECRET_KEY", None, _secret, "signs sessions and form tokens"),
    Setting("PODIUM_PASSWORD_SALT", None, _secret, "peppers password hashes"),
    Setting("PODIUM_DATABASE_URL", None, _database, "SQLite file or PostgreSQL server"),
    Setting("PODIUM_DATA", "var", lambda text: Path(text).resolve(), "folder for handed-in files"),
    Setting(
        "PODIUM_IDENTITY_KEY", "", _key, "seals identity numbers; empty: a file in PODIUM_DATA"
    ),
    Setting("PODIUM_HOST", "127.0.0.1", _words, "address the site listens on"),
    Setting("PODIUM_PORT", "8000", _port, "port the site listens on"),
    Setting("PODIUM_PUBLIC_URL", "", _address, "address people type, for QR codes"),
    Setting("PODIUM_FEEDS", "", _folder, "folder of public boards as files; empty: in PODIUM_DATA"),
    Setting("PODIUM_FEEDS_URL", "", _address, "where these files are served; empty: by the site"),
    Setting("PODIUM_HTTPS", "0", _yes, "1 when people reach the site over HTTPS: secure cookies"),
    Setting("PODIUM_LIVE", "1", _yes, "0: this web process sends no live boards"),
    Setting("PODIUM_BOARDS", "1", _yes, "0: boards are made in the web process too"),
    Setting(
        "PODIUM_TABLET_LOCK", "3", _minutes, "minutes untouched until a shared tablet locks itself"
    ),
    Setting("PODIUM_LOG", "text", _log, "text or json"),
    Setting("PODIUM_TESTING", "0", _yes, "1 in tests: no rate limits"),
)


def read_file(path: Path) -> dict[str, str]:
    """NAME=value lines; blank lines and lines that begin with # are passed over."""
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingsError(
                f"{path}:{number}：每行应为 名称=值 / each line should be NAME=value"
            )
        values[name.strip()] = value.strip().strip('"')
    return values


def load(environ: Mapping[str, str] | None = None) -> Values:
    """All settings, the environment first, then the file that PODIUM_SETTINGS names.

    Without PODIUM_SETTINGS, `var/podium.env` of the working folder is read when it is there.
    Raises SettingsError that names the variable.
    """
    environ = os.environ if environ is None else environ
    named = environ.get("PODIUM_SETTINGS")
    path = Path(named or "var/podium.env")
    if named and not path.is_file():
        raise SettingsError(f"PODIUM_SETTINGS：没有文件 {path} / no such file")
    return check({**(read_file(path) if path.is_file() else {}), **environ})


def check(given: Mapping[str, str]) -> Values:
    """The settings read from texts, defaults filled in. Unknown PODIUM_ names are refused."""
    known = {setting.name for setting in SETTINGS} | {"PODIUM_SETTINGS"}
    for name in given:
        if name.startswith("PODIUM_") and not name.startswith("PODIUM_TEST_") and name not in known:
            raise SettingsError(f"{name}：没有这个设置 / there is no such setting")
    values: Values = {}
    for setting in SETTINGS:
        text = given.get(setting.name, setting.default)
        if text is None:
            raise SettingsError(
                f"{setting.name}：缺少此设置（{setting.means}）；请写入环境变量或 var/podium.env，"
                f"或先运行 make run / missing: put it in the environment or var/podium.env, or run"
                f" make run first"
            )
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise SettingsError(f"{setting.name}：{error}") from error
    return values
