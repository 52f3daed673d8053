"""Where things lie in a checkout, and the environment its programs are started with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
FRONTEND = ROOT / "frontend"
DIST = ROOT / "static" / "dist"
VAR = ROOT / "var"
LOG = VAR / "log"
RUNNING = VAR / "run"  # who was started: one file each
MACHINE = VAR / "machine"  # what belongs to the machine, not to the data: kept by `make reset`

# Another environment's Python; and without compiled modules every start takes a third longer.
NOT_OURS = ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def environment(**more: str) -> dict[str, str]:
    """Today's environment with our own programs first, and no browser or Python downloads."""
    env = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
    # Debian leaves sbin out of an ordinary user's path, and dockerd lies there.
    env["PATH"] = f"{BIN}:{env.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
    env["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    if not VENV.exists():  # a virtual environment that is there keeps its Python
        env["UV_PYTHON"] = sys.executable
    env["UV_PYTHON_DOWNLOADS"] = "never"
    env["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    env["NPM_CONFIG_UPDATE_NOTIFIER"] = "false"
    if CERTIFICATES.exists():  # the machine's own, for schools behind a proxy: uv, then npm
        env.setdefault("SSL_CERT_FILE", str(CERTIFICATES))
        env.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    return env | more
