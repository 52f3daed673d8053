"""What follows an act of a page: the page again, with what came of it."""

from collections.abc import Callable, Collection

from flask import flash, make_response, redirect
from flask.typing import ResponseReturnValue

from competition.rules.refusal import Refusal
from competition.views.language import chosen

CONFLICT = (409,)  # refusals of what the page offered and what others did meanwhile


def acted(
    back: str,
    deed: Callable[[], object],
    said: str = "",
    *,
    told: Collection[int] | None = None,
    again: Callable[[], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Call a verb and go back with what was done, or why it was not. `told`: the statuses of
    refusals that are told there; any other becomes a page of its own. None: every refusal is.
    `again`: draws the page with what was typed, so that a refusal loses nothing of it."""
    try:
        deed()
    except Refusal as refusal:
        if told is not None and refusal.status not in told:
            raise
        flash(refusal.sentence(chosen()), "refusal")
        if again is not None:
            page = make_response(again())
            page.status_code = refusal.status
            return page
    else:
        if said:
            flash(said, "success")
    return redirect(back, 303)
