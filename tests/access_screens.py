"""The big screens in the table of access: their rows, what their addresses name, a paired one."""

from typing import Any

from competition.database import db
from judging import playlists, screens, showing
from judging.rules.playing import Entry
from tests.judging.seed import Seeded

ROWS = {
    "GET hall_screen.page": "public",
    "GET hall_screen.worker": "public",
    "POST hall_screen_api.wait": "public",
    "GET hall_screen_api.told": "big screen",
    "POST hall_screen_api.here": "big screen",
    "GET screens.page": "office",
    "POST screens.pair": "office",
    "POST screens.change": "office",
    "POST screens.let_go": "office",
    "POST screens.act": "office",
    "POST screens.say": "office",
    "POST screens.take_away": "office",
    "POST screens.make": "office",
    "GET screens.playlist": "office",
    "POST screens.edit": "office",
    "POST screens.give": "office",
    "POST screens.remove": "office",
}
NAMED: dict[str, dict[str, Any]] = {
    "screens.change": {"number": "screen"},
    "screens.let_go": {"number": "screen"},
    "screens.act": {"act": "blank"},
    "screens.take_away": {"number": "message"},
    "screens.playlist": {"number": "playlist"},
    "screens.edit": {"number": "playlist", "act": "name"},
    "screens.give": {"number": "playlist"},
    "screens.remove": {"number": "playlist"},
}


def big_screen(seeded: Seeded, ids: dict[str, Any]) -> str:
    """A paired screen that stays on the skill's board, with a text over it; gives its token."""
    me = seeded.judges["chief"]
    ids["playlist"] = playlists.make("循环", actor_id=me)
    shown = [Entry(1, "skill", 20, skill="T17"), Entry(2, "now", 20)]
    playlists.change(ids["playlist"], "循环", shown, based_on=1, actor_id=me)
    waiting = screens.wait("")
    assert waiting is not None and waiting.token is not None
    wanted = screens.Wanted("A", "turns", "dark", ids["playlist"])
    ids["screen"] = screens.pair(waiting.code, wanted, actor_id=me)
    showing.pause([ids["screen"]], actor_id=me)  # by itself it would move while it is looked at
    showing.say("请撤离", "", key="table-message", actor_id=me)
    said = showing.message(db.session())
    assert said is not None
    ids["message"] = said.id
    return waiting.token
