"""What a change request wants of answers: checked before it is kept, applied when it may be.

The body is {"said": subject → key → answer, "papers": "subject.key" → paper, "lines": what pages
show of it}. A personal answer shows masked; the answer itself is sealed with the whole body.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import answers, forms
from competition.answers import Answered
from competition.models import Entry, EvidenceFile
from competition.privacy import mask
from competition.rules import form_answers as rules
from competition.rules.forms import Field
from competition.rules.refusal import Refusal


def checked(session: Session, entry: Entry, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted, as it is kept; refused where the questions have changed since."""
    form = forms.current(session, entry.skill_id)
    stand = {one.subject.id: one for one in answers.of_entry(session, entry, form)}
    said, papers = wanted.get("said") or {}, wanted.get("papers") or {}
    lines = []
    for id_, own in said.items():
        for key, value in own.items():
            one, question = stand.get(id_), form.of(key)
            if one is None or question is None or one.subject.role not in question.roles:
                raise _changed()
            if value is not None and not rules.fits(question, {key: value}):
                raise _changed()
            lines.append(_words(one, question, rules.shown(question, value)))
    for name, paper_id in papers.items():
        id_, _, key = name.partition(".")
        one = stand.get(id_)
        paper = session.get(EvidenceFile, paper_id)
        question = next((x for x in one.asked if x.key == key), None) if one else None
        if one is None or question is None or question.kind != "file":
            raise _changed()
        if paper is None or paper.entry_id != entry.id or paper.removed_at is not None:
            raise _changed()
        lines.append(_words(one, question, ("新文件", "a new file"), has_paper=True))
    if not lines:
        raise _changed()
    return {"said": said, "papers": papers, "lines": lines}


def apply(session: Session, entry: Entry, body: Mapping[str, Any]) -> None:
    """Write checked answers; a new paper takes the place of the one that answered before."""
    for name, paper_id in body["papers"].items():
        before = session.scalars(
            select(EvidenceFile).where(
                EvidenceFile.entry_id == entry.id,
                EvidenceFile.answers_to == name,
                EvidenceFile.removed_at.is_(None),
            )
        )
        for old in before:
            old.answers_to = None  # it stays among the evidence, where the office removes it
        session.get_one(EvidenceFile, paper_id).answers_to = name
    answers.write(session, entry, body["said"])


def _words(
    one: Answered, question: Field, after: tuple[str, str], *, has_paper: bool = False
) -> dict[str, str]:
    before = ("文件", "a file") if has_paper else one.shown(question)
    if question.personal and not has_paper:
        after = (mask(after[0]) if after[0] else "", mask(after[1]) if after[1] else "")
    return {
        "who": one.subject.name,
        "zh": question.zh,
        "en": question.en,
        "before_zh": before[0],
        "before_en": before[1],
        "after_zh": after[0],
        "after_en": after[1],
    }


def _changed() -> Refusal:
    return Refusal(
        "这些问题在此期间有更改，或所指的人、文件已不在，什么都没有改变。请重新打开页面填写。",
        "The questions have changed since, or the person or file is gone; nothing was changed. Open"
        " the page again and answer anew.",
    )
