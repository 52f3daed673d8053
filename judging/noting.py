"""A mark as the ledger notes it: what, before and after, why, and when on the device.

Who it was, on which device and when by the server's clock stand in the ledger's row itself. The
codes of works stand for people, and reasons are about works, so nothing personal is in it.
"""

from datetime import datetime
from typing import Any

from competition.moment import iso


def observed(row: Any, before: int | None) -> dict[str, Any]:  # noqa: ANN401 - see below
    """An observation, the model or what was just written. `before`: what stood for who gave it."""
    return {
        "observation": row.id,
        "key": row.key,
        "entry": row.entry_id,
        "aspect": row.aspect_id,
        "round": row.round,
        "base": row.base_id,
        "before": before,
        "after": row.value,
        "reason": row.reason,
        "state": row.state,
        "device_at": iso(row.device_at),
        **({"observed": row.observed} if row.observed else {}),
    }


def confirmed(row: Any, device_at: datetime | None) -> dict[str, Any]:  # noqa: ANN401
    """A confirmation of a sheet as it stood at observation `upto`."""
    return {
        "confirmation": row.id,
        "key": row.key,
        "entry": row.entry_id,
        "sub_criterion": row.sub_criterion_id,
        "upto": row.last_observation_id,
        "device_at": iso(device_at),
    }
