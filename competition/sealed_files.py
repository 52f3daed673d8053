"""Files that only the identity key opens, in `PODIUM_DATA/evidence/`: scanned papers, photos.

A file is written beside its place, flushed to the disk and then renamed. Its name is drawn at
random, so that it says nothing of what is inside, and its bytes are gone once it is removed.
"""

import re
import secrets
from pathlib import Path

from flask import current_app

from competition import key_files
from competition.offload import offload
from competition.privacy import vault
from competition.rules.refusal import Refusal

NAME = re.compile(r"[0-9a-f]{32}")


def keep(kind: str, plain: bytes) -> str:
    """Keep bytes, sealed; gives the name by which they are found again."""
    name = secrets.token_hex(16)
    offload(key_files.replace, _path(name), vault().seal_bytes(kind, plain), mode=0o440)
    return name


def read(kind: str, name: str) -> bytes:
    """The bytes again."""
    try:
        sealed: bytes = offload(_path(name).read_bytes)
    except OSError as error:
        raise Refusal(
            "这份材料的文件不在服务器上，无法打开。请告诉系统管理员从备份恢复 evidence 文件夹。",
            "The file of this paper is not on the server and cannot be opened. Ask whoever runs the"
            " server to restore the evidence folder from the backup.",
            status=503,
        ) from error
    return vault().open_bytes(kind, sealed)


def remove(name: str) -> None:
    """Take the bytes away for good."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return Path(current_app.config["PODIUM_DATA"]) / "evidence" / name[:2] / name
