"""What a skill's profile may say: names in both languages, links that lead to a site over HTTPS."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from competition.rules.refusal import Refusal

MOST_SPONSORS = 12
LONGEST, LONGEST_LINK = 100, 300  # characters
# No name and password before the host, and nothing that ends an attribute or a line.
_LINK = re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d{1,5})?([/?#][^\s<>\"'`\\]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; width and height in points, as it is shown."""

    sha256: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Who supports a skill; `link` is empty or an https address."""

    name_zh: str
    name_en: str
    link: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Host (承办单位), one photo with what it shows in words, sponsors in their order."""

    host_zh: str = ""
    host_en: str = ""
    photo: Picture | None = None
    photo_zh: str = ""
    photo_en: str = ""
    sponsors: tuple[Sponsor, ...] = ()

    def pictures(self) -> dict[str, Picture]:
        """SHA-256 → picture."""
        every = (self.photo, *(one.logo for one in self.sponsors))
        return {one.sha256: one for one in every if one is not None}


def write(profile: Profile) -> dict[str, Any]:
    """A profile as plain data, as JSON gives it back."""
    plain = asdict(profile)
    return plain | {"sponsors": list(plain["sponsors"])}


def read(body: dict[str, Any]) -> Profile:
    """What `write` wrote."""
    sponsors = tuple(Sponsor(**{**one, "logo": _picture(one["logo"])}) for one in body["sponsors"])
    return Profile(**{**body, "photo": _picture(body["photo"]), "sponsors": sponsors})


def pair(zh: str, en: str, what: tuple[str, str], *, needed: bool = False) -> tuple[str, str]:
    """Words in both languages, or in none; `what` they are, in both."""
    said = " ".join(zh.split()), " ".join(en.split())
    if (needed or any(said)) and not all(said):
        raise not_saved(
            f"{what[0]}：请同时填写中文和英文", f"{what[1]}: give it in Chinese and in English"
        )
    if max(map(len, said)) > LONGEST or not all(one.isprintable() for one in said):
        raise not_saved(
            f"{what[0]}：最多 {LONGEST} 个字，不能有特殊控制字符",
            f"{what[1]}: at most {LONGEST} characters, none of them invisible",
        )
    return said


def link(text: str, what: tuple[str, str]) -> str:
    """An https address, or nothing."""
    address = text.strip()
    fits = len(address) <= LONGEST_LINK and address.isprintable()
    if address and not (fits and _LINK.fullmatch(address)):
        raise not_saved(
            f"{what[0]}：网址应以 https:// 开头，最多 {LONGEST_LINK} 个字",
            f"{what[1]}: the link begins with https:// and has at most {LONGEST_LINK} characters",
        )
    return address


def few(sponsors: Sequence[object]) -> None:
    """Refuse more sponsors than a page shows."""
    if len(sponsors) > MOST_SPONSORS:
        raise not_saved(
            f"最多 {MOST_SPONSORS} 个赞助单位", f"There may be at most {MOST_SPONSORS} sponsors"
        )


def not_saved(zh: str, en: str, status: int = 422) -> Refusal:
    """A refusal that says that the profile stays as it was."""
    return Refusal(
        f"{zh}。赛项介绍没有改变。", f"{en}. The profile was not changed.", status=status
    )


def _picture(body: dict[str, Any] | None) -> Picture | None:
    return Picture(**body) if body else None
