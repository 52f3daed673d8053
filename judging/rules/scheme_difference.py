"""What a new version of a marking scheme changes against the one before, and what that means for
marks that were given.

Aspects carry no id of their own, so they are recognised by what is marked. An aspect keeps its
marks only where it is the same beyond doubt; where two read alike in one form and their number
changed, nobody can say which is which, and none of them keeps any. A changed aspect is found again
by its wording, for a person to look at: whether only the wording changed is theirs to say.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from judging.rules import calculation_reading
from judging.rules.scheme import Aspect, Calculation, Scheme, SubCriterion, Text

# What decides the mark; a value given under another one means nothing any more.
DECIDES = ("kind", "max", "calculation")
# What a judge reads: with other words the mark may still be right, which only a person can say.
WORDING = ("description", "extra", "requirement", "rungs", "sub_criterion")
# What moves no mark.
FILING = ("code", "section")
ALIKE = 0.6  # of difflib: above it two descriptions are taken as one that was changed


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect before and after; one of them is None where it was added or removed. `what` names
    the parts that differ (DECIDES, WORDING, FILING)."""

    before: Aspect | None
    after: Aspect | None
    what: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """added, removed, changed, reworded (a person says whether marks stay) or same."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        if set(self.what) & set(DECIDES):
            return "changed"
        return "reworded" if set(self.what) & set(WORDING) else "same"


@dataclass(frozen=True, slots=True)
class PartChange:
    """A sub-criterion (or criterion, or section) that was added, removed, or changed by `what`."""

    before: str
    after: str
    name: Text
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A whole difference. `aspects` are all of them, in the new order, the removed ones last;
    `share` is how much of the marks was changed, in hundredths of a per cent."""

    aspects: tuple[Change, ...]
    criteria: tuple[PartChange, ...]
    sub_criteria: tuple[PartChange, ...]
    sections: tuple[PartChange, ...]
    share: int

    @property
    def moved(self) -> tuple[Change, ...]:
        """The aspects of which anything at all differs."""
        return tuple(one for one in self.aspects if one.state != "same" or one.what)

    def __bool__(self) -> bool:
        return bool(self.moved or self.criteria or self.sub_criteria or self.sections)


def difference(before: Scheme, after: Scheme) -> Difference:
    """What `after` changes against `before`."""
    forms = _forms(before.sub_criteria, after.sub_criteria)
    pairs = list(_pairs(before, after, forms))
    old_of = {id(new): old for old, new in pairs}
    home = {id(a): sub for scheme in (before, after) for sub in scheme.sub_criteria
            for a in sub.aspects}  # fmt: skip
    aspects = [_change(old_of.get(id(one)), one, home) for one in after.aspects]
    kept = {id(old) for old, _ in pairs}
    aspects += [Change(one, None) for one in before.aspects if id(one) not in kept]
    return Difference(
        tuple(aspects),
        tuple(_criteria(before, after)),
        tuple(_sub_criteria(before, after, forms)),
        tuple(_sections(before, after)),
        _share(before, after, aspects),
    )


def bilingual(before: Scheme, after: Scheme) -> Scheme:
    """`after` with the other language of every text that a workbook, which holds one language, took
    over unchanged from `before`."""
    known: dict[str, Text | None] = {}
    for text in _texts(before):
        if text.zh != text.en:
            for one in (text.zh, text.en):
                known[one] = text if known.get(one, text) == text else None

    def said(value: Any) -> Any:  # noqa: ANN401 - any part of a scheme
        if isinstance(value, Text):
            return known.get(value.zh) or value if value.zh == value.en else value
        if isinstance(value, tuple):
            return tuple(said(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {one.name: said(getattr(value, one.name)) for one in fields(value)}
            return replace(value, **parts)
        return value

    told: Scheme = said(after)
    return told


def _texts(value: Any) -> Iterator[Text]:  # noqa: ANN401 - any part of a scheme
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))


# Which is which

Forms = list[tuple[SubCriterion, SubCriterion]]
Pairs = Iterator[tuple[Aspect, Aspect]]


def _forms(before: Sequence[SubCriterion], after: Sequence[SubCriterion]) -> Forms:
    """Sub-criteria that are the same one: by id and name, then by name, then by id."""
    found: Forms = []
    for key in (lambda s: (s.code, s.name), lambda s: s.name, lambda s: s.code):
        old = _alone([s for s in before if all(s is not o for o, _ in found) and key(s)], key)
        new = _alone([s for s in after if all(s is not n for _, n in found) and key(s)], key)
        found += [(old[one], new[one]) for one in old if one in new]
    return found


def _pairs(before: Scheme, after: Scheme, forms: Forms) -> Pairs:
    olds = {id(one) for one in before.aspects}
    news = {id(one) for one in after.aspects}

    def take(found: Iterable[tuple[Aspect, Aspect]]) -> Pairs:
        for old, new in found:
            olds.discard(id(old))
            news.discard(id(new))
            yield old, new

    doubtful: set[int] = set()
    for old_form, new_form in forms:
        yield from take(_same(old_form.aspects, new_form.aspects, doubtful))
    for one, other in _moved(before.aspects, after.aspects):
        if id(one) in olds and id(other) in news:
            yield from take([(one, other)])
    for old_form, new_form in forms:
        left = [one for one in old_form.aspects if id(one) in olds and id(one) not in doubtful]
        came = [one for one in new_form.aspects if id(one) in news and id(one) not in doubtful]
        yield from take(_alike(left, came))


def _same(old: Sequence[Aspect], new: Sequence[Aspect], doubtful: set[int]) -> Pairs:
    """The same aspects of one form, in order; which is which is open where their number changed."""
    groups, came = _grouped(old), _grouped(new)
    for content, ours in groups.items():
        theirs = came.get(content, [])
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)
        elif theirs:
            doubtful |= {id(one) for one in (*ours, *theirs)}


def _moved(old: Sequence[Aspect], new: Sequence[Aspect]) -> Pairs:
    """Aspects that went to another form: there is only one such in either scheme."""
    groups, came = _grouped(old), _grouped(new)
    for content, ours in groups.items():
        theirs = came.get(content, [])
        if len(ours) == 1 and len(theirs) == 1:
            yield ours[0], theirs[0]


def _alike(old: Sequence[Aspect], new: Sequence[Aspect]) -> Pairs:
    """Changed aspects of one form, the most alike first."""
    close = sorted(
        ((-ratio, i, j) for i, one in enumerate(old) for j, other in enumerate(new)
         if (ratio := _likeness(one, other)) >= ALIKE),
    )  # fmt: skip
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, i, j in close:
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            yield old[i], new[j]


def _likeness(one: Aspect, other: Aspect) -> float:
    pairs = (
        (one.description.zh, other.description.zh),
        (one.description.en, other.description.en),
    )
    return max(_ratio(a[:300], b[:300]) for a, b in pairs)


def _ratio(one: str, other: str) -> float:
    """0 where two cheap upper bounds say already that they are not alike."""
    found = difflib.SequenceMatcher(None, one, other)
    close = found.real_quick_ratio() >= ALIKE and found.quick_ratio() >= ALIKE
    return found.ratio() if close else 0.0


def _grouped(aspects: Sequence[Aspect]) -> dict[Any, list[Aspect]]:
    found: dict[Any, list[Aspect]] = {}
    for one in aspects:
        content = tuple(_part(one, name) for name in (*DECIDES, *WORDING[:-1]))
        found.setdefault(content, []).append(one)
    return found


def _part(aspect: Aspect, name: str) -> Any:  # noqa: ANN401 - any part of an aspect
    if name == "calculation":
        return meaning(aspect.calculation)
    if name == "rungs":
        return tuple((rung.score, rung.text) for rung in aspect.rungs)
    return getattr(aspect, name)


def meaning(calculation: Calculation | None) -> Any:  # noqa: ANN401 - a rule, or what is no rule
    """The rule of a calculation; met or not met is None, whether written down or not."""
    if calculation is None or calculation.kind == "PASS_FAIL":
        return None
    try:
        return calculation_reading.rule(calculation)
    except calculation_reading.NotARule:
        return replace(calculation, label="", flag="")


def _change(old: Aspect | None, new: Aspect, home: dict[int, SubCriterion]) -> Change:
    if old is None:
        return Change(None, new)
    what = [name for name in (*DECIDES, *WORDING[:-1], *FILING)
            if _part(old, name) != _part(new, name)]  # fmt: skip
    if home[id(old)].name != home[id(new)].name:
        what.append("sub_criterion")
    return Change(old, new, tuple(what))


# The parts around the aspects, and the share


def _criteria(before: Scheme, after: Scheme) -> Iterator[PartChange]:
    old = {one.letter: one for one in before.criteria}
    new = {one.letter: one for one in after.criteria}
    for letter, one in new.items():
        if letter not in old:
            yield PartChange("", letter, one.name)
        elif old[letter].name != one.name:
            yield PartChange(letter, letter, one.name, ("name",))
    for letter, one in old.items():
        if letter not in new:
            yield PartChange(letter, "", one.name)


def _sub_criteria(before: Scheme, after: Scheme, forms: Forms) -> Iterator[PartChange]:
    old_of = {id(new): old for old, new in forms}
    for new in after.sub_criteria:
        old = old_of.get(id(new))
        if old is None:
            yield PartChange("", new.code, new.name)
            continue
        what = tuple(name for name in ("code", "name", "day")
                     if getattr(old, name) != getattr(new, name))  # fmt: skip
        if what:
            yield PartChange(old.code, new.code, new.name, what)
    kept = {id(old) for old, _ in forms}
    for old in before.sub_criteria:
        if id(old) not in kept:
            yield PartChange(old.code, "", old.name)


def _sections(before: Scheme, after: Scheme) -> Iterator[PartChange]:
    """Names and declared marks; a section that only aspects name declares nothing."""
    old = {one.number: one for one in before.sections}
    new = {one.number: one for one in after.sections}
    for number, section in new.items():
        if number not in old:
            yield PartChange("", number, section.name)
            continue
        what = tuple(name for name in ("name", "declared")
                     if getattr(old[number], name) != getattr(section, name))  # fmt: skip
        if what:
            yield PartChange(number, number, section.name, what)
    for number, section in old.items():
        if number not in new:
            yield PartChange(number, "", section.name)


def _share(before: Scheme, after: Scheme, aspects: Sequence[Change]) -> int:
    """Marks that are not as they were ÷ all marks, of the version where that is more; in hundredths
    of a per cent, half up. Numbering and sections do not count."""
    moved = [one for one in aspects if one.state != "same"]
    gone = sum(one.before.max for one in moved if one.before)
    came = sum(one.after.max for one in moved if one.after)
    whole = max(before.total, after.total)
    return (max(gone, came) * 20_000 + whole) // (2 * whole) if whole else 0


def _alone(subs: Sequence[SubCriterion], key: Any) -> dict[Any, SubCriterion]:  # noqa: ANN401
    """Key → the sub-criterion that has it; keys of several are left out."""
    found: dict[Any, SubCriterion | None] = {}
    for one in subs:
        found[key(one)] = None if key(one) in found else one
    return {name: one for name, one in found.items() if one is not None}
