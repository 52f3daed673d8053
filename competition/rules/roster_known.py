"""Skills and delegations by the names people give them: full or short, by code, in either language.

Only one thing can be meant, or nothing is: what is merely near is offered in the sentence.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_SKILL_ENDS = ("赛项", "项目", "比赛", "竞赛", "工种")
_PLACE_ENDS = ("代表团", "代表队", "参赛队", "市", "地区", "队")


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill as rosters need it."""

    code: str
    name_zh: str
    name_en: str
    team_size: int


@dataclass(frozen=True, slots=True)
class KnownDelegation:
    """A delegation as rosters need it."""

    code: str
    name_zh: str
    name_en: str


class Names:
    """What a text means: the code, and the nearest name where it means nothing."""

    def __init__(
        self, known: Iterable[KnownSkill | KnownDelegation], ends: tuple[str, ...]
    ) -> None:
        self.ends = ends
        self.table: dict[str, set[str]] = {}
        self.shown: dict[str, KnownSkill | KnownDelegation] = {}
        for one in known:
            self.shown[one.code] = one
            zh = _normal(one.name_zh)
            for text in (zh, one.name_en, one.code, self._short(zh), one.code + zh, zh + one.code):
                for form in (_normal(text), _loose(_normal(text))):
                    self.table.setdefault(form, set()).add(one.code)
        self.seen: dict[str, str | None] = {}

    def code(self, text: str) -> str | None:
        """The code that is meant. Texts repeat by the thousand, so that answers are kept."""
        if text not in self.seen:
            self.seen[text] = self._find(text)
        return self.seen[text]

    def _find(self, text: str) -> str | None:
        plain = _normal(text)
        loose = _loose(plain)
        for word in (plain, self._short(plain), loose, self._short(loose)):
            found = self.table.get(word)
            if found is not None and len(found) == 1:
                return next(iter(found))
        return None

    def _short(self, text: str) -> str:
        for end in self.ends:
            if text.endswith(end) and len(text) > len(end) + 1:
                text = text.removesuffix(end)
        return text

    def near(self, text: str) -> tuple[str, str]:
        """“, did you mean …” in Chinese and English; empty where nothing is near."""
        close = get_close_matches(_normal(text), self.table, n=1, cutoff=0.6)
        if not close:
            return "，请核对名称", "; check the name"
        one = self.shown[min(self.table[close[0]])]
        return f"，是否为“{one.name_zh}”？", f'; did you mean "{one.name_en}"?'


class Known:
    """Everything whose name a roster must know."""

    def __init__(
        self, skills: Iterable[KnownSkill], delegations: Iterable[KnownDelegation]
    ) -> None:
        self.sizes = {}
        listed = list(skills)
        for skill in listed:
            self.sizes[skill.code] = skill.team_size
        self.skills = Names(listed, _SKILL_ENDS)
        self.delegations = Names(list(delegations), _PLACE_ENDS)


def _normal(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _loose(text: str) -> str:
    return re.sub(r"[()\-_:·.、,/]", "", text)
