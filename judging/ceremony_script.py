"""Read: the slides of a ceremony skill by skill, with what is said over each, for the remote, the
script and the page; and what the stage shows of them at this moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from judging.models import Ceremony
from judging.rules import ceremony_slides, ceremony_words


@dataclass(slots=True)
class Said:
    """The slides of one skill, or of none: (number, slide), as they would come on stage now."""

    skill: dict[str, Any] | None
    slides: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON values, for printing."""
        slides = [
            {"number": at, **one, "headline": list(ceremony_words.headline(one))}
            for at, one in self.slides
        ]
        return {"skill": self.skill, "slides": slides}

    def holds(self, number: int) -> bool:
        """Whether the slide of this number is one of these."""
        return any(at == number for at, _slide in self.slides)


def script(slides: Sequence[dict[str, Any]], gone: Collection[int]) -> list[Said]:
    """Everything that is said, in order. `gone`: skills that were reopened since."""
    out: list[Said] = []
    for number, slide in enumerate(slides, 1):
        if not out or out[-1].skill != slide["skill"]:
            out.append(Said(slide["skill"]))
        out[-1].slides.append((number, ceremony_slides.shown(slide, gone)))
    return out


def on_screen(row: Ceremony, slides: Sequence[dict[str, Any]], gone: Collection[int]) -> Any:  # noqa: ANN401 - JSON
    """What the stage shows at this moment, and nothing else: no words of the script, no numbers
    of slides to come. `gone`: skills that were reopened since."""
    if row.state != "on_stage":
        is_over = row.state == "over"
        note = ceremony_words.OVER if is_over else ceremony_words.SOON
        title = [row.name_zh, row.name_en]
        return {"kind": "over" if is_over else "waiting", "title": title, "note": list(note)}
    if row.cover:
        return {
            "kind": row.cover,
            "title": list(ceremony_words.PAUSE) if row.cover == "pause" else [],
        }
    slide = ceremony_slides.shown(slides[row.slide - 1], gone)
    return {name: slide[name] for name in slide.keys() - {"says", "skills", "completes"}}


def sealed(slides: Sequence[dict[str, Any]]) -> list[str]:
    """The skills whose people the slides call by aliases, because they were sealed when the
    project was made."""
    called = [slide for slide in slides if slide["kind"] == "call_up" and slide["lines"]]
    return list(
        dict.fromkeys(
            slide["skill"]["code"]
            for slide in called
            if not any(line["delegation"][0] for line in slide["lines"])
        )
    )
