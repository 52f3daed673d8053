"""Handing in a tablet's unsent marks as a file, at the chief judge's desk."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from competition.access import someone
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from judging import handed_in
from judging.admission import Post
from judging.views import errands, tablet_posts
from judging.views.desk import mine

blueprint = Blueprint("outbox_file", __name__, url_prefix="/desk")


@blueprint.url_value_preprocessor
def _takes_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The file may hold photos; said before anybody reads the form's token."""
    if endpoint == "outbox_file.hand_in":
        request.max_content_length = handed_in.MOST_BYTES


@blueprint.get("/<code>/outbox")
def page(code: str) -> ResponseReturnValue:
    """What the file is, and where to choose it."""
    return _page(mine(code))


@blueprint.post("/<code>/outbox")
def hand_in(code: str) -> ResponseReturnValue:
    """Take what is in a file; the answer lists what became of each. Again does no harm."""
    one, file = mine(code), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refusal(
                "没有选择文件，什么都没有保存。请选择平板上保存的文件。",
                "No file was chosen; nothing was kept. Choose the file that the tablet saved.",
            )
        done = handed_in.hand_in(one.id, file.read(), _posts, errands.note, actor_id=someone().id)
    except Refusal as refusal:
        if refusal.status not in (400, 409):
            raise
        return _page(one, refused=refusal.sentence(chosen())), 422
    return _page(one, done=done, counts=done.counts)


def _posts(items: list[Any]) -> list[Post | dict[str, Any]]:
    return tablet_posts.read({"posts": items})[1]


def _page(one: Skill, **values: object) -> str:
    return render_template("desk/outbox.html", skill=one, **values)
