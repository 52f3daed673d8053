"""The addresses of the app with real things in them, for the tests that ask them all."""

from flask import url_for

from tests.access_named import NAMED, PLAIN
from tests.access_world import World


def addresses(world: World) -> dict[str, list[str]]:
    """A row of the table → real addresses, one for each rule."""
    found: dict[str, list[str]] = {}
    with world.app.test_request_context():
        for rule in world.app.url_map.iter_rules():
            given = {}
            for argument in rule.arguments:
                value = NAMED.get(rule.endpoint, {}).get(argument, PLAIN.get(argument))
                given[argument] = world.ids.get(value, value) if value is not None else None
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):  # type: ignore[operator]
                address = url_for(rule.endpoint, **given)
                found.setdefault(f"{method} {rule.endpoint}", []).append(address)
    return found
