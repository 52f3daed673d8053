"""What is the same in every test's app is compiled once: its templates and its addresses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class _Kept(BytecodeCache):
    """What Jinja compiled for one test's app, for the next one's."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = _Kept()
_compile = Rule._compile_builder


_builders: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}


def _once(rule: Rule, unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """Half of an app's start is werkzeug compiling how each of its addresses is written."""
    key = (rule.rule, repr(rule.defaults), unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, unknown)
    return _builders[key]


@contextmanager
def addresses() -> Iterator[None]:
    """An app that is made within takes over how the addresses of the last one were compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _once)
        yield
