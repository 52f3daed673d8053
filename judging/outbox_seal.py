"""How a tablet seals the file of its unsent marks, so that nobody reads votes in it or changes it.

Both sides know the hash of the tablet's token; the keys come from it. The text is encrypted with
HMAC-SHA256 in counter mode and then signed (encrypt, then MAC): the same in `frontend/tablet/
seal.ts`, where a page that came over plain HTTP has no cryptography of the browser's to use.
"""

import base64
import hashlib
import hmac
import secrets

BLOCK = 32


class NotSealedSo(ValueError):
    """The text was not sealed with this key, or was changed since."""


def seal(token_hash: str, text: str) -> dict[str, str]:
    """What a tablet does; here for tests and for tablets without a screen."""
    nonce = secrets.token_hex(16)
    sealed = _mixed(token_hash, nonce, text.encode())
    shown = base64.b64encode(sealed).decode()
    return {"nonce": nonce, "sealed": shown, "mac": _mac(token_hash, nonce, sealed)}


def unseal(token_hash: str, nonce: str, sealed: str, mac: str) -> str:
    """The text; raises NotSealedSo."""
    try:
        data = base64.b64decode(sealed, validate=True)
        if not hmac.compare_digest(_mac(token_hash, nonce, data), mac):
            raise NotSealedSo
        return _mixed(token_hash, nonce, data).decode()
    except (ValueError, TypeError) as error:
        raise NotSealedSo from error


def _key(token_hash: str, use: str) -> bytes:
    return hmac.digest(token_hash.encode(), f"podium outbox {use}".encode(), hashlib.sha256)


def _mac(token_hash: str, nonce: str, sealed: bytes) -> str:
    return hmac.digest(_key(token_hash, "mac"), nonce.encode() + sealed, hashlib.sha256).hex()


def _mixed(token_hash: str, nonce: str, data: bytes) -> bytes:
    """The data with the key's stream laid over it; twice gives the data again."""
    key, count = _key(token_hash, "seal"), -(-len(data) // BLOCK)
    stream = b"".join(
        hmac.digest(key, f"{nonce}:{number}".encode(), hashlib.sha256) for number in range(count)
    )
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream[: len(data)], "big")
    return mixed.to_bytes(len(data), "big")
