"""Builds a marking scheme from a plain mapping, as our YAML files hold it.

skill: W01
sections: [{number: 1, name: {zh, en}, marks: "20.00"}]
criteria:
  - id: A
    name: {zh, en}
    sub_criteria:
      - id: A1
        name: {zh, en}
        day: 1
        aspects:
          - {type: M, zh, en, max: "5.00", section: 1, requirement: {zh, en}, extra: {zh, en},
             calculation: {kind: NUMBER_COMPLETED, parameters: {NUM_POSSIBLE: "4"}}}
          - {type: J, zh, en, max: "2.00", section: 1, rungs: [{zh, en}, …four in order 0–3]}
"""

from collections.abc import Mapping

from competition.rules.refusal import Refusal
from judging.rules import scheme_faults
from judging.rules.scheme import (
    Aspect,
    Calculation,
    Criterion,
    NotAMark,
    Parameter,
    Rung,
    Scheme,
    Section,
    SubCriterion,
    Text,
    assemble,
    hundredths,
)


def from_mapping(data: Mapping[str, object]) -> Scheme:
    """The scheme that `data` holds; refused, with the place, when it holds none or a faulty one."""
    place = f"scheme {data.get('skill', '?')}" if isinstance(data, Mapping) else "scheme"
    top = _mapping(data, place)
    scheme = assemble(
        str(_need(top, "skill", place)),
        _text(top.get("name"), f"{place} name"),
        [_section(_mapping(one, place), place) for one in _list(top, "sections", place)],
        [_criterion(_mapping(one, place), place) for one in _list(top, "criteria", place)],
    )
    faults = scheme_faults.errors(scheme)
    if faults:
        raise Refusal(
            zh=f"{place}：" + "".join(fault.zh for fault in faults),
            en=f"{place}: " + " ".join(fault.en for fault in faults),
        )
    return scheme


def _section(data: Mapping[str, object], place: str) -> Section:
    number = str(_need(data, "number", f"{place} sections"))
    here = f"{place} section {number}"
    declared = _mark(data["marks"], here) if "marks" in data else None
    return Section(number, _text(data.get("name"), here), declared)


def _criterion(data: Mapping[str, object], place: str) -> Criterion:
    letter = str(_need(data, "id", f"{place} criteria"))
    here = f"{place} {letter}"
    subs = [_sub_criterion(_mapping(one, here), here) for one in _list(data, "sub_criteria", here)]
    return Criterion(letter, _text(data.get("name"), here), tuple(subs))


def _sub_criterion(data: Mapping[str, object], place: str) -> SubCriterion:
    code = str(_need(data, "id", f"{place} sub_criteria"))
    here = f"{place} {code}"
    aspects = tuple(
        _aspect(_mapping(one, here), aspect_code(code, position), here)
        for position, one in enumerate(_list(data, "aspects", here), start=1)
    )
    name = _text(data.get("name"), here)
    return SubCriterion(code, name, str(data.get("day", "")), aspects, written=code)


def aspect_code(sub_criterion: str, position: int) -> str:
    """Aspects are numbered by position within their sub-criterion, from 1: "A1.01"."""
    return f"{sub_criterion}.{position:02d}"


def _aspect(data: Mapping[str, object], code: str, place: str) -> Aspect:
    here = f"{place} {code}"
    rungs = _list(data, "rungs", here) if "rungs" in data else []
    return Aspect(
        code=code,
        kind=str(_need(data, "type", here)),
        description=_text(data, here),
        max=_mark(_need(data, "max", here), here),
        section=str(data.get("section", "")),
        extra=_text(data.get("extra"), here),
        requirement=_text(data.get("requirement"), here),
        rungs=tuple(Rung(score, _text(text, here)) for score, text in enumerate(rungs)),
        calculation=_calculation(data.get("calculation"), here),
    )


def _calculation(data: object, place: str) -> Calculation | None:
    if data is None:
        return None
    here = f"{place} calculation"
    given = _mapping(data, here)
    parameters = _mapping(given.get("parameters", {}), here)
    return Calculation(
        kind=str(_need(given, "kind", here)),
        parameters=tuple(Parameter(str(key), str(value)) for key, value in parameters.items()),
        label=str(given.get("label", "")),
    )


def _text(data: object, place: str) -> Text:
    """A pair {zh, en}, one string for both, or nothing."""
    if data is None:
        return Text()
    if isinstance(data, str):
        return Text.of(data.strip())
    pair = _mapping(data, place)
    zh, en = (str(pair.get(language) or "").strip() for language in ("zh", "en"))
    return Text(zh or en, en or zh)


def _mark(value: object, place: str) -> int:
    try:
        return hundredths(value if isinstance(value, int | float) else str(value))
    except NotAMark as fault:
        raise Refusal(
            zh=f"{place}：分值 {fault.zh}。", en=f"{place}: the mark {fault.en}."
        ) from None


def _need(data: Mapping[str, object], key: str, place: str) -> object:
    if data.get(key) is None:
        raise Refusal(zh=f"{place}：缺少 {key}。", en=f"{place}: {key} is missing.")
    return data[key]


def _list(data: Mapping[str, object], key: str, place: str) -> list[object]:
    value = _need(data, key, place)
    if not isinstance(value, list):
        raise Refusal(zh=f"{place}：{key} 应为列表。", en=f"{place}: {key} must be a list.")
    return value


def _mapping(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise Refusal(
            zh=f"{place}：这里应为一组键值，而不是“{str(data)[:40]}”。",
            en=f"{place}: expected keys and values here, not “{str(data)[:40]}”.",
        )
    return data
