"""Images as the site sees them: which are needed, which versions pages may show."""

import pytest
from flask import Flask

from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from judging import evaluation, images
from tests.judging.handing import cast, hand_in, result


def test_an_image_is_needed_until_its_skill_is_locked(context: Flask) -> None:
    work = cast()
    assert images.in_use() == frozenset()
    hand_in(work)
    claim = evaluation.claim("w1")
    assert claim is not None
    assert evaluation.finish(claim, result(), {})
    assert images.in_use() == frozenset({result().image})
    with writing() as session:
        for skill in session.query(Skill):
            skill.locked_at = now()
    db.session.expire_all()
    assert images.in_use() == frozenset()


def test_versions_are_told_for_pages_and_what_nobody_needs_goes(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, asked = context.config["PODIUM_DATA"], []
    assert images.versions(data) == {}
    monkeypatch.setattr(images.build, "versions", lambda: {"c": "12.2.0"})
    monkeypatch.setattr(images, "prune", lambda needed: asked.append(needed) or ["old:1"])
    assert images.tidy(data) == ["old:1"]
    assert images.versions(data) == {"c": "12.2.0"}
    assert asked == [frozenset()]


def test_without_a_database_nothing_is_thrown_away(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.drop_all()
    monkeypatch.setattr(images.build, "versions", lambda: {})
    monkeypatch.setattr(images, "prune", lambda _: pytest.fail("nobody knows what is needed"))
    assert images.tidy(context.config["PODIUM_DATA"]) == []


def test_what_waits_for_an_image_is_passed_over(context: Flask) -> None:
    hand_in(cast())
    assert evaluation.claim("w1", without={"small-game"}) is None
    claim = evaluation.claim("w1", without={"another"})
    assert claim is not None and claim.task == "small-game" and claim.fence == 1
