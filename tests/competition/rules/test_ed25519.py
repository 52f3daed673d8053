"""Ed25519: the vectors of RFC 8032, what cryptography signs, and what must not pass."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as some

from competition.rules.ed25519 import ORDER, P, is_signed

# RFC 8032, 7.1: secret key, public key, message, signature
VECTORS = {
    "1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        bytes.fromhex("72"),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        bytes.fromhex("af82"),
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    "SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_rfc(name: str) -> None:
    secret, public, message, signature = VECTORS[name]
    key, given = bytes.fromhex(public), bytes.fromhex(signature)
    theirs = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert theirs.public_key().public_bytes_raw() == key  # the vectors were copied rightly
    assert theirs.sign(message) == given
    assert is_signed(key, message, given)
    assert not is_signed(key, message + b"x", given)
    for place in (0, 31, 32, 63):
        other = bytearray(given)
        other[place] ^= 1
        assert not is_signed(key, message, bytes(other))


@settings(max_examples=25)
@given(secret=some.binary(min_size=32, max_size=32), message=some.binary(max_size=200))
def test_what_cryptography_signs(secret: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b"\0", signature)
    assert not is_signed(Ed25519PrivateKey.generate().public_key().public_bytes_raw(), message,
                         signature)  # fmt: skip
    again = int.from_bytes(signature[32:], "little") + ORDER  # the same number once more round
    if again < 2**256:
        assert not is_signed(public, message, signature[:32] + again.to_bytes(32, "little"))


def test_what_names_no_point() -> None:
    _, public, message, signature = VECTORS["2"]
    key, given = bytes.fromhex(public), bytes.fromhex(signature)
    for bad in (b"", key[:31], P.to_bytes(32, "little"), b"\xff" * 32, bytes([2] + [0] * 31)):
        assert not is_signed(bad, message, given)
        assert not is_signed(key, message, bad + given[32:])
    assert not is_signed(key, message, given[:63])
    assert not is_signed(key, message, given + b"\0")
