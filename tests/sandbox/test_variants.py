"""Other seeds and clocks: fixed as a check asks, differences told to a person, no mark moved."""

from dataclasses import replace

import pytest

from sandbox.runner import judge
from sandbox.task import BrokenPackage, Variant, load
from sandbox.verdict import proposals
from tests.sandbox.conftest import PACKAGES

HONEST = """<!doctype html><html lang="en"><title>x</title><h1>x</h1>
<p id="dice">good</p><p id="year">good</p></html>"""
# Made for the values that the rig fixes: the first number of seed 1, the year of the check's clock.
CUNNING = """<!doctype html><html lang="en"><title>x</title><h1>x</h1>
<p id="dice"></p><p id="year"></p><script>
const first = Math.random();
document.querySelector('#dice').textContent = Math.abs(first - FIRST) < 1e-9 ? 'good' : 'bad';
document.querySelector('#year').textContent = new Date().getFullYear() === 2026 ? 'good' : 'bad';
</script></html>"""


def first_of(seed: int) -> float:
    """The rig's first random number (mulberry32, rig/before.js)."""
    mask = 0xFFFFFFFF
    state = (seed * 0x9E3779B1 + 0x6D2B79F5) & mask
    t = ((state ^ (state >> 15)) * (1 | state)) & mask
    t = ((t + ((t ^ (t >> 7)) * (61 | t) & mask)) & mask) ^ t
    return ((t ^ (t >> 14)) & mask) / 4294967296


@pytest.fixture(scope="module")
def chances():
    return load(PACKAGES / "chances")


def test_variants_are_read(chances):
    assert chances.variants == (
        Variant(7, None, ("dice", "fixed")),
        Variant(None, "2027-12-31T23:59:30+08:00", ()),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "7",
        "[7]",
        "[{}]",
        "[{checks: [a]}]",
        "[{seed: 0}]",
        "[{seed: x}]",
        "[{clock: noon}]",
        '[{clock: "2027-01-01T00:00:00"}]',
        "[{seed: 1, checks: 7}]",
        "[{seed: 1, speed: 2}]",
        "[{seed: 1}, {seed: 2}, {seed: 3}, {seed: 4}, {seed: 5}, {seed: 6}]",
    ],
)
def test_a_wrong_variant_is_one_sentence(tmp_path, wrong):
    package = tmp_path / "package"
    for path in (PACKAGES / "chances").rglob("*"):
        if path.is_file():
            target = package / path.relative_to(PACKAGES / "chances")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = (package / "task.yaml").read_text("utf-8")
    (package / "task.yaml").write_text(text[: text.index("variants:")] + f"variants: {wrong}\n")
    with pytest.raises(BrokenPackage) as broken:
        load(package)
    assert len(broken.value.problems) == 1
    assert "variants" in broken.value.problems[0][1]


@pytest.mark.docker
@pytest.mark.usefixtures("image")
def test_what_differs_under_other_values_is_told_and_moves_no_mark(chances, site, tmp_path):
    page = site(index_html=CUNNING.replace("FIRST", repr(first_of(1))))
    folder = tmp_path / "evidence"
    folder.mkdir()
    result = judge(chances, page, folder)
    found = {check.id: check for check in result.checks}
    assert {check.outcome for check in result.checks} == {"passed"}, result
    assert proposals(result.checks, chances.maxima) == dict.fromkeys(chances.maxima, 100)
    assert "seed 7" in found["dice"].message_en and "have a look" in found["dice"].message_en
    assert "随机种子 7" in found["dice"].message_zh
    assert "clock 2027" in found["year"].message_en
    assert "have a look" not in found["fixed"].message_en
    told = [piece for piece in found["dice"].evidence if piece.kind == "variant"]
    assert len(told) == 1
    assert "#dice says bad." in (folder / told[0].path).read_text("utf-8")
    assert not any(piece.kind == "variant" for piece in found["fixed"].evidence)


@pytest.mark.docker
@pytest.mark.usefixtures("image")
def test_an_honest_page_is_not_flagged(chances, site):
    result = judge(replace(chances, variants=chances.variants[:1]), site(index_html=HONEST), None)
    assert {check.outcome for check in result.checks} == {"passed"}
    assert not any("have a look" in check.message_en for check in result.checks)
