"""The sampling re-check's rule: who is in the sample, how many are drawn, when all are checked."""

import pytest

from judging.rules import sampling
from judging.rules.sampling import ALL, DRAWN, TOP


@pytest.mark.parametrize(
    ("rest", "share", "count"),
    [
        (0, 15, 0),
        (1, 15, 1),  # 0.15 → at least 15 %, so 1
        (6, 15, 1),  # 0.9
        (7, 15, 2),  # 1.05
        (20, 15, 3),  # exactly 15 %
        (21, 15, 4),  # 3.15
        (100, 15, 15),
        (101, 15, 16),
        (40, 0, 0),
        (40, 100, 40),
    ],
)
def test_at_least_the_share_of_the_rest_is_drawn(rest, share, count):
    assert sampling.needed(rest, share) == count


@pytest.mark.parametrize(
    ("errors", "size", "many"),
    [
        (0, 20, False),
        (1, 20, False),  # exactly 5 %: not more than 5 %
        (2, 20, True),
        (1, 19, True),  # 5.26 %
        (1, 1, True),
        (0, 0, False),
        (5, 100, False),
        (6, 100, True),
    ],
)
def test_more_than_the_limit_means_all(errors, size, many):
    assert sampling.too_many(errors, size, 5) is many


SHEETS = [(f"K-{work:03}", sub) for work in range(10) for sub in ("A1", "A2", "B1", "B2")]


def test_the_top_group_is_checked_in_full_and_of_the_rest_what_the_seed_draws():
    found = sampling.sample(SHEETS, {"K-003", "K-007"}, "seed", 15)
    assert sum(why == TOP for why in found.values()) == 8
    assert sum(why == DRAWN for why in found.values()) == 5  # 15 % of 32 is 4.8
    assert ALL not in found.values()
    assert {code for (code, _), why in found.items() if why == TOP} == {"K-003", "K-007"}
    assert found == sampling.sample(reversed(SHEETS), ["K-007", "K-003"], "seed", 15)


def test_another_seed_draws_others_and_anybody_can_draw_again():
    one, other = (sampling.sample(SHEETS, (), seed, 15) for seed in ("a" * 64, "b" * 64))
    assert len(one) == len(other) == 6 and one != other
    # by hand: the lowest SHA-256 of "seed:work:sub-criterion"
    from hashlib import sha256

    lowest = min(SHEETS, key=lambda s: sha256(f"{'a' * 64}:{s[0]}:{s[1]}".encode()).hexdigest())
    assert lowest in one


def test_every_sheet_is_drawn_about_as_often():
    times = dict.fromkeys(SHEETS, 0)
    for seed in range(400):
        for one in sampling.sample(SHEETS, (), f"{seed}", 15):
            times[one] += 1
    assert min(times.values()) > 30 and max(times.values()) < 100  # 60 expected


def test_where_everybody_is_in_the_top_group_nothing_is_drawn():
    found = sampling.sample([("K-1", "A1")], {"K-1", "K-2"}, "s", 15)
    assert found == {("K-1", "A1"): TOP}
    assert sampling.sample([], {"K-1"}, "s", 15) == {}
