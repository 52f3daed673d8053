"""What `podium live` answers: boards, their pages and snapshots. Everything else is the site's.

Sockets never come here (`judging/live.py`), nor does anything that writes.
"""

from flask import Flask, current_app, request

from competition.rules.refusal import Refusal

BLUEPRINTS = {"boards", "overall", "cards", "screen", "health"}
BESIDE = {
    "embed.skill",
    "embed.board",
    "static",
    "signin.language",
    "skill_profiles.picture",
}  # what those pages are made of


def register(app: Flask) -> None:
    """Keep every other address shut."""
    app.before_request(_only_boards)


def _only_boards() -> None:
    if request.blueprint in BLUEPRINTS or request.endpoint in BESIDE:
        return
    site = current_app.config["PODIUM_PUBLIC_URL"]
    raise Refusal(
        f"这里只提供榜单，什么都没有改变。请到主站继续{f'：{site}' if site else ''}。",
        "Only boards are served here; nothing was changed. Go on at the site itself"
        f"{f': {site}' if site else ''}.",
        status=404,
    )
