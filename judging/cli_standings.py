"""`podium simulate standings`: invented marks through a skill's rules, and what would surprise."""

from collections import defaultdict
from random import Random
from typing import Any

import click
from flask.cli import with_appcontext

from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from judging import invented
from judging.invented import Ground
from judging.rules.final import Final, final
from judging.rules.scheme import two_decimals
from judging.rules.standings_words import AWARDS, explain
from judging.rules.surprises import Surprise, surprises


@click.command()
@click.argument("skill")
@click.option("--seed", default=1, show_default=True, help="The first run's; the same, same marks.")
@click.option("--runs", type=click.IntRange(1, 10_000), default=1, help="Seeds one after another.")
@click.option(
    "--entries",
    type=click.IntRange(invented.LEAST, invented.MOST),
    help="Size of the field; by default as many as are entered.",
)
@click.option("--times", is_flag=True, help="Working times are recorded, for rules that ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def standings(
    *, skill: str, seed: int, runs: int, entries: int | None, times: bool, as_json: bool
) -> None:
    """模拟名次 Run invented marks through the rules of SKILL and list what would surprise."""
    with reporting(as_json):
        require_migrated()
        found = invented.ground(db.session(), skill)
    size = entries or max(found.entered, 8)
    boards = {one: _board(found, size, one, times=times) for one in range(seed, seed + runs)}
    if as_json:
        print_json(_plain(skill, found, boards))
        return
    if not found.has_rules:
        click.echo("该赛项没有规则：只有名次，没有奖项。 No rules adopted: places only, no awards.")
    if runs == 1:
        _one(boards[seed])
    else:
        _many(boards)


def _board(found: Ground, size: int, seed: int, *, times: bool) -> Final:
    chance = Random(seed)  # noqa: S311 - invented marks are no secret
    field = invented.results(found, size, chance, times=times)
    maxima = {"criterion": found.facts.maxima, "module": found.facts.maxima}
    return final(field, found.facts.rules, maxima)


def _one(board: Final) -> None:
    """The whole board with its reasons, then what surprises."""
    why = explain(board)
    for line in board.lines:
        award = AWARDS[line.given.award.value][0] if line.given.award else ""
        total = two_decimals(line.standing.total)
        click.echo(f"{line.standing.place or '–':>3}  {line.key}  {total:>6}  {award}")
        for zh, en in why[line.key]:
            click.echo(f"       {zh}\n       {en}")
    found = surprises(board)
    click.echo("\n意外之处 Surprises" if found else "\n没有意外。 No surprises.")
    for one in found:
        click.echo(f"  • {one.zh}\n    {one.en}")


def _many(boards: dict[int, Final]) -> None:
    """How often each kind of surprise came, with the first seed that shows it."""
    kinds = _by_kind(boards)
    calm = sum(not surprises(board) for board in boards.values())
    click.echo(f"{len(boards)} 次中 {calm} 次没有意外。 {calm} of {len(boards)} runs: no surprise.")
    for found in sorted(kinds.values(), key=lambda one: -len(one)):
        seed, first = found[0]
        click.echo(f"  {len(found):>5} ×  --seed {seed}：{first.zh}\n           {first.en}")


def _by_kind(boards: dict[int, Final]) -> dict[str, list[tuple[int, Surprise]]]:
    """Kind → (seed, its first surprise of that kind), each seed once."""
    kinds: defaultdict[str, list[tuple[int, Surprise]]] = defaultdict(list)
    for seed, board in boards.items():
        for one in surprises(board):
            if not kinds[one.kind] or kinds[one.kind][-1][0] != seed:
                kinds[one.kind].append((seed, one))
    return kinds


def _plain(skill: str, found: Ground, boards: dict[int, Final]) -> dict[str, Any]:
    return {
        "skill": skill.upper(),
        "rules": found.has_rules,
        "runs": [
            {
                "seed": seed,
                "surprises": [
                    {"kind": one.kind, "zh": one.zh, "en": one.en} for one in surprises(board)
                ],
                "standings": [
                    {
                        "place": line.standing.place,
                        "key": line.key,
                        "total": two_decimals(line.standing.total),
                        "award": line.given.award.value if line.given.award else None,
                    }
                    for line in board.lines
                ],
            }
            for seed, board in boards.items()
        ],
    }
