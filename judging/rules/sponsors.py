"""Who supports the skills, for all to see: every sponsor once, with the skills that name it."""

from collections.abc import Iterable
from typing import Any

from competition.rules.skill_profile import Profile, Sponsor


def told(profiles: Iterable[tuple[str, Profile]]) -> dict[str, Any]:
    """The public document: sponsors in the order of the skills, told apart by their two names. A
    logo is the first that any skill has of it; `of` says whose."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for code, profile in profiles:
        for one in profile.sponsors:
            row = rows.setdefault((one.name_zh, one.name_en), _row(one))
            row["skills"].append(code)
            if one.logo is not None and row["logo"] is None:
                row["logo"] = {
                    "of": code,
                    "sha256": one.logo.sha256,
                    "width": one.logo.width,
                    "height": one.logo.height,
                }
    return {"kind": "sponsors", "sponsors": list(rows.values())}


def _row(one: Sponsor) -> dict[str, Any]:
    return {"name_zh": one.name_zh, "name_en": one.name_en, "logo": None, "skills": []}
