"""Extra questions as data: what may be asked, what shows for given answers, what a text means."""

from typing import Any

import pytest

from competition.rules import form_answers, forms, forms_words
from competition.rules.form_answers import Unread
from competition.rules.forms import Form, Option

SIZES = [{"value": "m", "zh": "中号", "en": "Medium"}, {"value": "l", "zh": "大号", "en": "Large"}]


def question(key: str = "q", kind: str = "short", **more: Any) -> dict[str, Any]:
    """The mapping of a question that is in order."""
    return {
        "key": key, "kind": kind, "zh": f"问{key}", "en": f"Ask {key}",
        "hint_zh": "", "hint_en": "", "needed": True, "personal": False, "roles": ["competitor"],
        "options": SIZES if kind in forms.CHOOSING else [], "low": None, "high": None, "when": None,
    } | more  # fmt: skip


def form(*questions: dict[str, Any]) -> Form:
    found = forms.read({"fields": list(questions)})
    assert isinstance(found, Form), found
    return found


def when(key: str, *values: str) -> dict[str, Any]:
    return {"key": key, "is": list(values)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "questions"),
        ({"fields": "x"}, "questions"),
        ({"fields": [question(f"q{n}") for n in range(61)]}, "questions"),
        ([question(zh=" ")], "in Chinese and in English"),
        ([question(en="")], "in Chinese and in English"),
        ([question(zh="长" * 121)], "at most 120"),
        ([question(hint_zh="\0")], "at most 400"),
        ([question(zh=7)], "at most 120"),
        ([question(key="1a")], "key is"),
        ([question(key="ａｂ")], "key is"),
        ([question(kind="colour")], "kind of answer"),
        ([question(needed=1)], "yes or no"),
        ([question(roles=[])], "of whom"),
        ([question(roles=["entry", "coach"])], "of whom"),
        ([question(roles=["judge"])], "of whom"),
        ([question(more=1)], "missing or new"),
        ([question(options=SIZES)], "to choose from"),
        ([question(kind="one_of", options=SIZES[:1])], "2 to 60"),
        ([question(kind="one_of", options=[SIZES[0], SIZES[0]])], "the same"),
        ([question(kind="one_of", options=["m", "l"])], "not whole"),
        ([question(kind="number", low=True)], "bounds"),
        ([question(kind="number", low=10**40)], "bounds"),
        ([question(kind="number", low=3, high=2)], "above"),
        ([question(kind="date", low="2026-6-1")], "bounds"),
        ([question(kind="date", low="2026-06-02", high="2026-06-01")], "above"),
        ([question(), question()], "twice"),
        ([question(when="x")], "not whole"),
        ([question(when=when("z", "yes"))], "no question"),
        ([question(), question("b", when=when("q", "yes"))], "no fixed answers"),
        ([question(kind="yes_no"), question("b", when=when("q"))], "Choose which answers"),
        ([question(kind="yes_no"), question("b", when=when("q", "m"))], "Choose which answers"),
        ([question(kind="yes_no"), question("b", roles=["coach"], when=when("q", "yes"))],
         "not asked of all"),
        ([question(kind="yes_no", when=when("q", "yes"))], "hang on each other"),
        ([question("a", "yes_no", when=when("c", "yes")),
          question("b", "yes_no", when=when("a", "yes")),
          question("c", "yes_no", when=when("b", "no"))], "hang on each other"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(body: Any, words: str) -> None:
    faults = forms.read(body if isinstance(body, dict) else {"fields": body})
    assert isinstance(faults, list)
    assert words in " ".join(fault.en for fault in faults)
    assert all(fault.zh for fault in faults)


def test_what_was_written_is_read_again() -> None:
    made = form(
        question("a", "one_of", roles=["coach", "competitor"]),
        question("b", "number", low=1, high=9, when=when("a", "m")),
        question("c", "date", low="2026-01-01", personal=True),
    )
    assert forms.read(forms.write(made)) == made
    assert made.fields[0].roles == ("competitor", "coach")


CHAIN = form(
    question("own", "yes_no", roles=["entry"]),
    question("eats", "several", when=when("own", "yes")),
    question("which", "short", when=when("eats", "l")),
    question("plain", "short", needed=False),
)


@pytest.mark.parametrize(
    ("own", "whole", "shows", "lacks"),
    [
        ({}, {}, ["plain"], []),
        ({}, {"own": "no"}, ["plain"], []),
        ({}, {"own": "yes"}, ["eats", "plain"], ["eats"]),
        ({"eats": ["m"]}, {"own": "yes"}, ["eats", "plain"], []),
        ({"eats": ["m", "l"]}, {"own": "yes"}, ["eats", "which", "plain"], ["which"]),
        ({"eats": ["l"], "which": "x"}, {"own": "yes"}, ["eats", "which", "plain"], []),
        ({"eats": ["l"], "which": "x"}, {"own": "no"}, ["plain"], []),  # the chain is cut above
        ({"eats": ["gone"]}, {"own": "yes"}, ["eats", "plain"], ["eats"]),  # no such option now
    ],
)
def test_what_shows_for_given_answers(own: Any, whole: Any, shows: Any, lacks: Any) -> None:
    shown = form_answers.asked(CHAIN, "competitor", own, whole)
    assert [one.key for one in shown] == shows
    assert [one.key for one in form_answers.missing(CHAIN, "competitor", own, whole)] == lacks
    assert form_answers.asked(CHAIN, "coach", own, whole) == []


def test_a_file_answers_once_it_is_there() -> None:
    made = form(question("photo", "file"))
    assert form_answers.missing(made, "competitor", {}) != []
    assert form_answers.missing(made, "competitor", {}, {}, {"photo"}) == []


@pytest.mark.parametrize(
    ("kind", "more", "texts", "found"),
    [
        ("short", {}, [" a \n b "], "a b"),
        ("short", {}, [""], None),
        ("short", {}, [], None),
        ("short", {}, ["长" * 201], "At most 200"),
        ("short", {}, ["a\0"], "cannot be kept"),
        ("short", {}, ["a", "b"], "one answer only"),
        ("short", {}, ["=1+1"], "=1+1"),
        ("long", {}, ["a\r\nb"], "a\nb"),
        ("long", {}, ["x" * 4001], "At most 4000"),
        ("number", {}, ["０４２"], 42),
        ("number", {}, ["-7"], -7),
        ("number", {"low": 0}, ["-7"], "0 or more"),
        ("number", {"low": 1, "high": 3}, ["4"], "1 to 3"),
        ("number", {"high": 3}, ["4"], "3 or less"),
        ("number", {}, ["4.5"], "whole number"),
        ("number", {}, ["9" * 5000], "whole number"),
        ("number", {}, ["²"], "whole number"),
        ("number", {}, ["+"], "whole number"),
        ("date", {}, ["2026-02-28"], "2026-02-28"),
        ("date", {}, ["2026-02-30"], "A date"),
        ("date", {}, ["20260228"], "A date"),
        ("date", {"low": "2026-03-01"}, ["2026-02-28"], "2026-03-01 or later"),
        ("yes_no", {}, ["yes"], "yes"),
        ("yes_no", {}, ["maybe"], "among the options"),
        ("one_of", {}, ["m"], "m"),
        ("one_of", {}, ["x"], "among the options"),
        ("several", {}, ["l", "", "m", "l"], ["m", "l"]),
        ("several", {}, [""], None),
        ("several", {}, ["m", "x"], "among the options"),
        ("file", {}, ["x"], "wants a file"),
    ],
)
def test_what_a_text_means(kind: str, more: Any, texts: Any, found: Any) -> None:
    (one,) = form(question(kind=kind, **more)).fields
    try:
        assert form_answers.read(one, texts) == found
    except Unread as why:
        assert isinstance(found, str) and found in why.args[1] and why.args[0]


def test_an_answer_is_shown_in_words() -> None:
    one, several, yes = form(
        question("a", "one_of"), question("b", "several"), question("c", "yes_no")
    ).fields
    assert form_answers.shown(one, "m") == ("中号", "Medium")
    assert form_answers.shown(several, ["m", "l"]) == ("中号、大号", "Medium, Large")
    assert form_answers.shown(yes, "no") == ("否", "no")
    assert form_answers.shown(one, None) == ("", "")


def test_options_keep_their_value_while_a_word_stays() -> None:
    before = (Option("o1", "中号", "Medium"), Option("o2", "大号", "Large"))
    after = forms.options(["大号｜Big", "", "特大 | Extra", "小"], before)
    assert [one["value"] for one in after] == ["o2", "o3", "o4"]
    assert after[2] == {"value": "o4", "zh": "小", "en": "小"}


def test_a_difference_says_what_became_of_each_question() -> None:
    before = form(question("a"), question("b", "yes_no"), question("c"), question("d"))
    after = form(
        question("d"), question("b", "yes_no", needed=False), question("c"),
        question("e", when=when("b", "yes")),
    )  # fmt: skip
    found = forms.differences(before, after)
    kinds = [(one.what, one.field.key) for one in found]
    assert kinds == [("moved", "d"), ("changed", "b"), ("new", "e"), ("gone", "a")]
    words = forms_words.sentences(found[1], before, after)
    assert words[1] == ("必填：是 → 否", "Needed: yes → no")
    assert forms.differences(after, after) == []
    hung = form(question("b", "yes_no"), question("e"))
    hanging = form(question("b", "yes_no"), question("e", when=when("b", "no")))
    (changed,) = forms.differences(hung, hanging)
    words = forms_words.sentences(changed, hung, after)
    assert words[1] == ("条件：无 → 仅当“问b”为否", "Condition: none → only when “Ask b” is no")
