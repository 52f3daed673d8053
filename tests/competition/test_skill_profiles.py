"""Verb of a skill's profile, on both kinds of database: pictures, links, who was first."""

import struct
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition import documents, skill_profiles
from competition.database import db
from competition.models import LedgerRow, Skill
from competition.rules import pictures
from competition.rules.refusal import Refusal
from competition.rules.skill_profile import Profile
from competition.skill_profiles import PictureSent, Sent, SponsorSent
from tests.judging.seed import Seeded, seed
from tests.papers_made import PDF, PLACE, jpeg, png

WORDS: dict[str, Any] = {"photo_zh": "考场", "photo_en": "The hall"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def day(context: Flask) -> Seeded:
    return seed()


def change(day: Seeded, sent: Sent, seen: int = 0) -> int:
    return skill_profiles.change(day.skill, sent, seen=seen, actor_id=day.judges["chief"])


def stands(day: Seeded) -> tuple[int, Profile]:
    db.session.expire_all()
    return skill_profiles.of(db.session(), day.skill)


def acts() -> list[dict[str, Any]]:
    asked = select(LedgerRow.body).where(LedgerRow.act == "skill.profile")
    return list(db.session.scalars(asked.order_by(LedgerRow.id)))


def wide(width: int) -> bytes:
    """A PNG that says it is `width` points wide."""
    return png()[:16] + struct.pack(">I", width) + png()[20:]


def test_a_profile_is_kept_once_and_its_pictures_say_nothing_of_their_maker(day: Seeded) -> None:
    sponsor = SponsorSent("某公司", "A company", " https://a.example/x?y=1 ", PictureSent(png()))
    sent = Sent(" 某 学院", "A college", PictureSent(jpeg(turned=6)), **WORDS, sponsors=(sponsor,))
    assert (change(day, sent), change(day, sent)) == (1, 1)
    version, profile = stands(day)
    assert (version, profile.host_zh, profile.sponsors[0].link) == (
        1, "某 学院", "https://a.example/x?y=1",
    )  # fmt: skip
    photo, logo = profile.photo, profile.sponsors[0].logo
    assert photo and logo and set(profile.pictures()) == {photo.sha256, logo.sha256}
    assert (photo.media_type, photo.width, photo.height) == (pictures.JPEG, 8, 16)  # turned
    assert (logo.media_type, logo.width, logo.height) == (pictures.PNG, 8, 8)
    for one in (photo, logo):
        assert PLACE.encode() not in documents.path(one.sha256).read_bytes()
    (act,) = acts()
    assert act["version"] == 1 and act["host_zh"] == "某 学院"
    assert skill_profiles.of_skills(db.session(), [day.skill]) == {day.skill: profile}


def test_pictures_stay_change_and_go(day: Seeded) -> None:
    change(day, Sent(photo=PictureSent(png()), **WORDS))
    old = next(iter(stands(day)[1].pictures()))
    assert change(day, Sent("院", "C", PictureSent(kept=old), **WORDS), seen=1) == 2
    assert set(stands(day)[1].pictures()) == {old}
    assert change(day, Sent("院", "C", PictureSent(jpeg(), old), **WORDS), seen=2) == 3
    assert old not in stands(day)[1].pictures()
    assert change(day, Sent("院", "C", **WORDS), seen=3) == 4
    _version, profile = stands(day)
    assert (profile.photo, profile.photo_zh, len(acts())) == (None, "", 4)


def test_no_other_file_becomes_public_by_its_digest(day: Seeded) -> None:
    secret = documents.keep(png())
    for kept in (secret, "../../etc/passwd", "\0"):
        with pytest.raises(Refusal) as refused:
            change(day, Sent(photo=PictureSent(kept=kept), **WORDS))
        assert refused.value.status == 409
    assert stands(day) == (0, Profile()) and acts() == []


def test_who_was_second_looks_first(day: Seeded) -> None:
    change(day, Sent("院", "College"))
    with pytest.raises(Refusal) as refused:
        change(day, Sent("校", "School"))
    assert refused.value.status == 409 and "别人" in refused.value.sentence("zh")
    assert stands(day)[1].host_zh == "院"
    assert change(day, Sent("校", "School"), seen=1) == 2


def test_hostile_pictures(day: Seeded) -> None:
    hostile = (
        *((SVG, 415), (PDF, 415), (b"GIF89a", 415), (png()[:-100], 415), (jpeg()[:200], 415)),
        *((wide(6001), 413), (wide(0), 415), (b"\xff" * ((3 << 20) + 1), 413)),
    )
    for data, status in hostile:
        logo = SponsorSent("某", "A", logo=PictureSent(data))
        for sent in (Sent(photo=PictureSent(data), **WORDS), Sent(sponsors=(logo,))):
            with pytest.raises(Refusal) as refused:
                change(day, sent)
            assert refused.value.status == status
            assert "没有改变" in refused.value.sentence("zh")
    assert stands(day) == (0, Profile()) and acts() == []


def test_words_that_cannot_be_kept(day: Seeded) -> None:
    for sent, word in (
        (Sent("院"), "英文"),
        (Sent("院\0", "C"), "控制"),
        (Sent("院" * 101, "C"), "最多"),
        (Sent(photo=PictureSent(png())), "说明"),
        (Sent(sponsors=(SponsorSent("", "", "https://a.example/"),)), "第 1 个"),
        (Sent(sponsors=(SponsorSent("某", "A", "http://a.example/"),)), "https://"),
        (Sent(sponsors=(SponsorSent("某", "A"),) * 13), "12"),
    ):
        with pytest.raises(Refusal) as refused:
            change(day, sent)
        assert word in refused.value.sentence("zh")
    assert stands(day) == (0, Profile()) and acts() == []


def test_no_skill_no_profile(day: Seeded) -> None:
    with pytest.raises(Refusal) as refused:
        skill_profiles.change(99_999, Sent("院", "C"), seen=0, actor_id=day.judges["chief"])
    assert refused.value.status == 404
    assert db.session.get(Skill, 99_999) is None
