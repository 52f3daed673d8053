"""The stages of a competition, from a first selection to the final."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class Stage(Model):
    """阶段: selection, provincial final. Rosters go into the stage that takes entries.

    After `entries_until` only change requests alter an entry; until `substitutions_until` a reserve
    steps in without an approval. A date that is not set never passes.
    """

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # selection, final
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    takes_entries: Mapped[bool] = mapped_column(default=False)
    entries_until: Mapped[datetime | None]
    substitutions_until: Mapped[datetime | None]
