"""`podium ledger export`: the whole ledger, the marks, signed heads and the verifier in one file.

Marks are named by works' codes and judges' numbers: no name is in it. But codes are sealed in a
blind skill, and so is this file until the skill is unsealed.
"""

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from competition import heads, ledger, verify_ledger
from competition.rules import ed25519
from competition.rules.refusal import Refusal
from judging import ledger_proof

IMPORT = "from competition.rules.ed25519 import is_signed, key_typed\n"
READ_ME = """台账导出 Export of the ledger

校验 Verify:  python3 verify_ledger.py   （在解压后的文件夹中 in the unpacked folder）
        或 or python3 verify_ledger.py FILE.zip --key 公布的公钥 THE-PUBLISHED-KEY

rows.jsonl       台账的每一行 every row of the ledger
marks.jsonl      数据库中的每条评分与复核 every mark and confirmation in the database
names.json       赛项、作品、评分点的编号 what chains, works, aspects and sheets are called
heads.json       各链链首，已签名 the heads of all chains, signed
days/            每日链首文件 the daily files of heads
public_key.txt   公钥（Ed25519） the public key

每行的 hash 是 previous 与其余各项的规范 JSON（键排序、无空格、UTF-8）的 SHA-256。
A row's hash is the SHA-256 of its canonical JSON (sorted keys, no blanks, UTF-8), the hash of the
row before it included.
"""


def script() -> bytes:
    """The verifier as one file that needs nothing but Python."""
    text = Path(verify_ledger.__file__).read_text("utf-8")
    crypto = Path(ed25519.__file__).read_text("utf-8").partition('"""\n\n')[2]
    assert IMPORT in text
    first, _, rest = text.partition(IMPORT)
    parts = (first.rstrip(), "\n# Ed25519, RFC 8032\n", crypto.strip(), "\n", rest.strip(), "")
    return "\n".join(parts).encode()


def export(session: Session, path: Path) -> dict[str, Any]:
    """Write the bundle; gives its signed heads. A file that is there already stays as it is."""
    if path.exists():
        raise Refusal(
            f"{path} 已存在，没有导出，也没有覆盖。请换一个文件名。",
            f"{path} is there already; nothing was exported or overwritten. Choose another name.",
        )
    if not path.parent.is_dir():
        raise Refusal(
            f"没有文件夹 {path.parent}，没有导出。请先建立。",
            f"There is no folder {path.parent}; nothing was exported. Make it first.",
        )
    key = heads.public_key()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED) as bundle:
            signed = _fill(session, bundle, key)
        os.link(draft, path)  # never over a file that came meanwhile
    finally:
        draft.unlink(missing_ok=True)
        session.rollback()
    return signed


def _fill(session: Session, bundle: zipfile.ZipFile, key: str) -> dict[str, Any]:
    ledger_proof.snapshot(session)
    chains = heads.chains(session)
    named: dict[str, dict[str, str]] = {"chain": {str(chain): name for chain, name in chains}}
    skills = [chain for chain, _name in chains if chain is not None]
    for skill in skills:
        for kind, found in ledger_proof.names(session, skill).items():
            named.setdefault(kind, {}).update(found)
    digests = {
        verify_ledger.ROWS: _lines(
            bundle, verify_ledger.ROWS,
            (row for chain, _name in chains for row in ledger.rows(session, chain)),
        ),
        verify_ledger.MARKS: _lines(
            bundle, verify_ledger.MARKS,
            (mark for skill in skills for mark in ledger_proof.rows(session, skill)),
        ),
        verify_ledger.NAMES: _whole(bundle, verify_ledger.NAMES, heads.plain(named)),
    }  # fmt: skip
    signed = heads.signed({**heads.statement(session), "files": digests})
    _whole(bundle, verify_ledger.HEADS, heads.plain(signed))
    for daily in heads.files():
        _whole(bundle, verify_ledger.DAYS + daily.name, daily.read_bytes())
    _whole(bundle, "public_key.txt", f"{key}\n".encode())
    _whole(bundle, "verify_ledger.py", script())
    _whole(bundle, "README.txt", READ_ME.encode())
    return signed


def _lines(bundle: zipfile.ZipFile, name: str, things: Iterable[dict[str, Any]]) -> str:
    """Write one JSON line a thing, as they come; gives the SHA-256 of them all."""
    digest = hashlib.sha256()
    with bundle.open(name, "w", force_zip64=True) as file:
        for thing in things:
            line = json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def _whole(bundle: zipfile.ZipFile, name: str, data: bytes) -> str:
    bundle.writestr(name, data)
    return hashlib.sha256(data).hexdigest()
