"""Lock files against the offline store: what npm is given, and every sentence for a wrong one."""

import json

import pytest

from sandbox.npm_lock import Unbuildable, pinned, stored
from tests.sandbox.conftest import PACKAGES

PROJECT = PACKAGES / "built" / "submissions" / "good" / "site"
MANIFEST = (PROJECT / "package.json").read_bytes()
LOCK = (PROJECT / "package-lock.json").read_bytes()
STORE = stored(PACKAGES / "built" / "store")


def changed(data: bytes, **changes) -> bytes:
    return json.dumps(json.loads(data) | changes).encode()


def with_package(place: str, **entry) -> bytes:
    plain = json.loads(LOCK)
    plain["packages"][place] = entry
    return json.dumps(plain).encode()


def test_the_lock_is_pointed_at_the_store():
    found = pinned(MANIFEST, LOCK, STORE)
    assert [path.name for path in found.tarballs] == [
        "tiny-bundle-2.0.1.tgz",
        "tiny-words-1.2.0.tgz",
    ]
    packages = json.loads(found.lock)["packages"]
    assert packages["node_modules/tiny-words"]["resolved"] == "file:../store/tiny-words-1.2.0.tgz"
    assert packages[""] == json.loads(LOCK)["packages"][""]


def test_a_project_without_packages_needs_no_lock():
    assert pinned(b'{"name": "x"}', None, {}) is None
    bare = b'{"name": "x", "lockfileVersion": 3, "packages": {"": {}}}'
    assert pinned(b'{"name": "x"}', bare, {}) is None


def test_an_address_in_the_lock_is_never_used():
    lock = json.loads(LOCK)
    lock["packages"]["node_modules/tiny-words"]["resolved"] = "https://example.invalid/evil.tgz"
    assert b"example.invalid" not in pinned(MANIFEST, json.dumps(lock).encode(), STORE).lock


def test_what_is_optional_may_be_missing():
    lock = with_package("node_modules/other", version="1.0.0", optional=True, integrity="sha512-x")
    assert len(pinned(MANIFEST, lock, STORE).tarballs) == 2


@pytest.mark.parametrize(
    ("manifest", "lock", "word"),
    [
        (None, LOCK, "no package.json"),
        (b"{", LOCK, "package.json is not valid JSON"),
        (b"[]", LOCK, "package.json is not valid JSON"),
        (MANIFEST, None, "package-lock.json is missing"),
        (MANIFEST, b"\xff", "package-lock.json is not valid JSON"),
        (MANIFEST, b"[" * 200_000, "package-lock.json is not valid JSON"),
        (MANIFEST, b'{"lockfileVersion": 1, "dependencies": {}}', "old form or damaged"),
        (MANIFEST, b'{"packages": 7}', "old form or damaged"),
        (changed(MANIFEST, devDependencies={"tiny-bundle": "^9.0.0"}), LOCK, "agree"),
        (changed(MANIFEST, dependencies={"left-pad": "*"}), LOCK, "left-pad"),
        (
            MANIFEST,
            with_package("node_modules/vue", version="3.5.0", integrity="sha512-no"),
            "vue 3.5.0",
        ),
        (MANIFEST, with_package("node_modules/vue", version="3.5.0"), "offline store"),
    ],
)
def test_a_wrong_lock_gets_a_sentence(manifest, lock, word):
    with pytest.raises(Unbuildable) as fault:
        pinned(manifest, lock, STORE)
    assert word in fault.value.en
    assert fault.value.zh and fault.value.zh != fault.value.en


def test_the_same_version_with_other_bytes_is_another_package():
    lock = json.loads(LOCK)
    lock["packages"]["node_modules/tiny-words"]["integrity"] = "sha512-" + "A" * 86 + "=="
    with pytest.raises(Unbuildable, match=r"tiny-words 1\.2\.0"):
        pinned(MANIFEST, json.dumps(lock).encode(), STORE)
