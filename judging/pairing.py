"""What devices are paired with: codes that people type, tokens that only the device keeps."""

import hashlib
import secrets
import unicodedata

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


def draw(length: int) -> str:
    """A code nobody can foresee."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def typed(text: str) -> str:
    """A code as people type it: small letters, spaces, dashes, wide signs of a Chinese keyboard."""
    plain = unicodedata.normalize("NFKC", text[:40]).upper()
    return "".join(sign for sign in plain if sign in SIGNS)


def hashed(text: str) -> str:
    """What is kept of a code or a token."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
