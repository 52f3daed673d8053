"""Links and words of a skill's profile; a profile as plain data and back."""

import json

import pytest

from competition.rules.refusal import Refusal
from competition.rules.skill_profile import Picture, Profile, Sponsor, link, pair, read, write

WHAT = ("某栏", "A field")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "javascript:alert(1)",
            "http://a.example/",
            "data:text/html,x",
            *("//a.example", "a.example"),
        ),
        *("https://", "https://a", "https://u:p@a.example/", 'https://a.example/"><script>'),
        *("https://a.example/ b", "https://a.example\\@b.example", "https://a.example/\0"),
        *("https://a.example/\u202e", "https://a.example/" + "x" * 300, "java\nscript:alert(1)"),
    ],
)
def test_hostile_links(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        link(text, WHAT)
    assert "https://" in refused.value.sentence("zh") and "某栏" in refused.value.sentence("zh")


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://a.example", "https://a-b.example:8443/x?y=1#z", "HTTPS://A.EXAMPLE/@x"),
        "https://例子.中国/路",
    ],
)
def test_links(text: str) -> None:
    assert link(f" {text}\n", WHAT) == text


def test_both_languages_or_none() -> None:
    assert pair(" 某  院 ", "C", WHAT) == ("某 院", "C")
    assert pair(" ", "", WHAT) == ("", "")
    for zh, en, needed in (("院", "", False), ("", "C", False), ("", "", True)):
        with pytest.raises(Refusal):
            pair(zh, en, WHAT, needed=needed)


def test_a_profile_comes_back_from_json() -> None:
    picture = Picture("ab" * 32, "image/png", 8, 16)
    sponsors = (Sponsor("某", "A", "https://a.example/", picture), Sponsor("别", "B"))
    for profile in (Profile(), Profile("院", "C", picture, "照", "P", sponsors)):
        assert read(json.loads(json.dumps(write(profile)))) == profile
