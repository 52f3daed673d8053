"""That a list left the site as a file is an act: which list, how narrowed, how many, by whom."""

from competition import ledger
from competition.database import writing


def note(name: str, narrowed: dict[str, str], count: int, *, actor_id: int) -> None:
    """Write a download to the ledger. Words that were looked for may be names: that there were some
    is noted, not which."""
    kept: dict[str, object] = {key: text for key, text in narrowed.items() if key != "words"}
    if narrowed.get("words"):
        kept["words"] = True
    with writing() as session:
        ledger.append(
            session,
            act="list.download",
            subject=f"list:{name}",
            body={"filter": kept, "count": count},
            actor_id=actor_id,
        )
