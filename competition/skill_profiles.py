"""The profile of a skill, which everybody sees: its host, a photo, its sponsors.

Pictures are told by their content and lose what a camera wrote beside them, as evidence does; they
lie among the public documents, under their SHA-256.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import documents, ledger
from competition.database import db, writing
from competition.models import Skill, SkillProfile
from competition.moment import now
from competition.offload import offload
from competition.rules import pictures
from competition.rules import skill_profile as rules
from competition.rules.skill_profile import Picture, Profile, Sponsor, not_saved

MOST_PHOTO_BYTES, MOST_LOGO_BYTES = 3 << 20, 300 << 10
MOST_POINTS = 6000  # on a side: a small file may unpack to more than a phone can hold
What = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PictureSent:
    """A new picture, or the SHA-256 of the one that stays; neither: no picture."""

    data: bytes = b""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class SponsorSent:
    """A sponsor as typed; one with every field empty is none."""

    name_zh: str
    name_en: str
    link: str = ""
    logo: PictureSent = PictureSent()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed and nothing chosen; a logo that stays goes with its sponsor."""
        return not (self.name_zh + self.name_en + self.link).strip() and not self.logo.data


@dataclass(frozen=True, slots=True)
class Sent:
    """A profile as typed."""

    host_zh: str = ""
    host_en: str = ""
    photo: PictureSent = PictureSent()
    photo_zh: str = ""
    photo_en: str = ""
    sponsors: tuple[SponsorSent, ...] = ()


def of(session: Session, skill_id: int) -> tuple[int, Profile]:
    """The profile of a skill with its version; 0 with an empty one where nobody wrote any."""
    row = session.get(SkillProfile, skill_id)
    return (row.version, rules.read(row.body)) if row else (0, Profile())


def of_skills(session: Session, skill_ids: Collection[int]) -> dict[int, Profile]:
    """Skill → its profile, where there is one."""
    asked = select(SkillProfile).where(SkillProfile.skill_id.in_(skill_ids))
    return {row.skill_id: rules.read(row.body) for row in session.scalars(asked)}


def change(skill_id: int, sent: Sent, *, seen: int, actor_id: int) -> int:
    """Give a skill this profile; gives its version. `seen`: the version that the form was filled
    with, so that nobody undoes unknowingly what somebody else just wrote. The same profile once
    more changes nothing."""
    _there, profile = of(db.session(), skill_id)
    wanted, files = _checked(sent, profile.pictures())
    for data in files:
        documents.keep(data)
    with writing() as session:
        skill = session.get(Skill, skill_id, with_for_update=True)
        if skill is None:
            raise not_saved("没有这个赛项", "There is no such skill", 404)
        row = session.get(SkillProfile, skill_id, populate_existing=True)
        version, body = (row.version, row.body) if row else (0, rules.write(Profile()))
        if body == rules.write(wanted):
            return version
        if seen != version:
            raise not_saved(
                "别人刚刚改过赛项介绍，请重新打开本页，看过之后再改",
                "Somebody else has just changed it; open the page again and look at it first",
                409,
            )
        if row is None:
            row = SkillProfile(skill_id=skill_id)
            session.add(row)
        row.version, row.body = version + 1, rules.write(wanted)
        row.by, row.at = actor_id, now()
        ledger.append(
            session,
            act="skill.profile",
            subject=f"skill:{skill_id}",
            body={"version": row.version, **row.body},
            actor_id=actor_id,
            skill_id=skill_id,
        )
        return row.version


def _checked(sent: Sent, there: Mapping[str, Picture]) -> tuple[Profile, list[bytes]]:
    """The profile that was meant, with the bytes of its new pictures."""
    files: list[bytes] = []
    host = rules.pair(sent.host_zh, sent.host_en, ("承办单位", "Host"))
    what = ("照片", "Photo")
    photo = _picture(sent.photo, there, what, MOST_PHOTO_BYTES, files)
    shows = ("照片的文字说明", "What the photo shows")
    said = rules.pair(sent.photo_zh, sent.photo_en, shows, needed=photo is not None)
    rows = [one for one in sent.sponsors if not one.is_empty]
    rules.few(rows)
    sponsors = tuple(_sponsor(one, at, there, files) for at, one in enumerate(rows, 1))
    return Profile(*host, photo, *(said if photo else ("", "")), sponsors), files


def _sponsor(
    sent: SponsorSent, at: int, there: Mapping[str, Picture], files: list[bytes]
) -> Sponsor:
    what = (f"第 {at} 个赞助单位", f"Sponsor {at}")
    names = rules.pair(sent.name_zh, sent.name_en, what, needed=True)
    logo = _picture(sent.logo, there, what, MOST_LOGO_BYTES, files)
    return Sponsor(*names, rules.link(sent.link, what), logo)


def _picture(
    sent: PictureSent, there: Mapping[str, Picture], what: What, most: int, files: list[bytes]
) -> Picture | None:
    """What is kept of a picture. Only one that the profile shows already can stay: any other
    SHA-256 would make bytes public that are not."""
    if not sent.data:
        if sent.kept and sent.kept not in there:
            raise not_saved(
                f"{what[0]}：原来的图片已不在，请重新打开本页再选",
                f"{what[1]}: the picture is there no more; open the page again and choose one",
                409,
            )
        return there.get(sent.kept)
    if len(sent.data) > most:
        size = f"{most >> 20} MB" if most >= 1 << 20 else f"{most >> 10} KB"
        raise not_saved(
            f"{what[0]}：图片超过 {size}，请缩小", f"{what[1]}: the picture is over {size}", 413
        )
    found = offload(pictures.cleaned, sent.data, (pictures.JPEG, pictures.PNG))
    sides = pictures.size(found[1], found[0]) if found else None
    if found is None or sides is None:
        raise not_saved(
            f"{what[0]}：只收 JPEG 或 PNG，这个文件不是，或不完整",
            f"{what[1]}: only JPEG and PNG are taken; this file is something else, or broken off",
            415,
        )
    if max(sides) > MOST_POINTS:
        raise not_saved(
            f"{what[0]}：图片的边长超过 {MOST_POINTS} 像素，请缩小",
            f"{what[1]}: a side of the picture has over {MOST_POINTS} points; make it smaller",
            413,
        )
    kind, clean = found
    files.append(clean)
    return Picture(documents.name_of(clean), kind, *sides)
