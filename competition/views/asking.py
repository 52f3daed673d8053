"""Extra questions as pages show them: each with its name in the form, its texts, its condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from competition.answers import Answered, Subject
from competition.models import EvidenceFile
from competition.rules.form_answers import Sentence, texts
from competition.rules.forms import ENTRY, Field, Form

NO_WRONG: dict[str, Sentence] = {}


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to one subject. `on`: the name of the question that it hangs on, `held` whether
    that has one of the answers `values`; `locked`: an answer that is shown masked and cannot be
    typed over before it was opened."""

    name: str
    question: Field
    texts: list[str]
    shown: bool
    on: str = ""
    values: tuple[str, ...] = ()
    held: bool = False
    locked: Sentence | None = None
    wrong: Sentence | None = None
    files: list[EvidenceFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """The questions to one subject."""

    subject: Subject
    asks: list[Ask]
    missing: list[Field]

    @property
    def shows(self) -> bool:
        return any(one.shown for one in self.asks)


def groups(
    form: Form,
    stand: Sequence[Answered],
    typed: Mapping[str, Sequence[str]],
    *,
    wrong: Mapping[str, Sentence] = NO_WRONG,
    kept: Mapping[str, Answered] | None = None,
) -> list[Group]:
    """What a page shows. `stand`: as the entry stands with what is `typed`; `kept`: what stands
    without it, whose personal answers stay locked (None: nothing is locked)."""
    found = []
    said = {one.subject.id: one.said for one in stand}
    for one in stand:
        shown = {question.key for question in one.asked}
        asks = []
        for question in form.fields:
            if one.subject.role not in question.roles:
                continue
            name = f"{one.subject.id}.{question.key}"
            on = _hangs_on(form, question, one.subject)
            values = question.when.values if question.when else ()
            asks.append(
                Ask(
                    name=name,
                    question=question,
                    texts=list(typed.get(name, texts(one.said.get(question.key)))),
                    shown=question.key in shown,
                    on=on,
                    values=values,
                    held=not set(_answer(said, on)).isdisjoint(values),
                    locked=None if name in typed else _locked(kept, one.subject, question),
                    wrong=wrong.get(name),
                    files=one.files.get(question.key, []),
                )
            )
        found.append(Group(one.subject, asks, one.missing))
    return found


def _answer(said: Mapping[str, Mapping[str, Any]], name: str) -> list[str]:
    subject, _dot, key = name.partition(".")
    return texts(said.get(subject, {}).get(key))


def _hangs_on(form: Form, question: Field, subject: Subject) -> str:
    other = form.of(question.when.key) if question.when else None
    if other is None:
        return ""
    return f"{subject.id if subject.role in other.roles else ENTRY}.{other.key}"


def _locked(
    kept: Mapping[str, Answered] | None, subject: Subject, question: Field
) -> Sentence | None:
    before = kept.get(subject.id) if kept and question.personal else None
    if before is None or question.key not in before.said:
        return None
    return before.shown(question)
