"""A problem's statement as Markdown, whatever it was written in, with its samples at the end. Pure
but for reading the package's own files.

Of LaTeX the part is understood that statements of problems use: sections, lists, emphasis, code,
formulas (kept as they stand, between their dollars), pictures, quotation marks. What is not
understood stays readable as its own text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sandbox.problem import Problem

SHOWN: Final = 4000  # characters of a sample that a page shows; the file holds the rest

_WORDS: Final = {
    "zh": ("样例", "输入", "输出", "对话", "没有 HTML 题面,请看文件", "…"),
    "en": ("Sample", "Input", "Output", "Conversation", "The statement is the file", "…"),
}
# Before anything else; LaTeX on the left, Markdown on the right.
_LATEX: Final[tuple[tuple[str, str], ...]] = (
    (r"(?<!\\)%.*", ""),
    (r"\\(?:problemname|label|index|noindent|vspace|hspace|centering|small|medskip|bigskip)\b"
     r"\*?(?:\{[^{}]*\})?", ""),
    (r"\\(?:begin|end)\{(?:center|figure|flushleft)\}(?:\[[^\]]*\])?", ""),
    (r"\\(?:sub)*section\*?\{([^{}]*)\}", r"\n\n## \1\n\n"),
    (r"\\includegraphics(?:\[[^\]]*\])?\{([^{}]*)\}", r"![](\1)"),
    (r"\\illustration\{[^{}]*\}\{([^{}]*)\}\{([^{}]*)\}", r"![\2](\1)"),
    (r"\\(?:textbf|bf)\{([^{}]*)\}", r"**\1**"),
    (r"\\(?:emph|textit|it|underline)\{([^{}]*)\}", r"*\1*"),
    (r"\\(?:texttt|verb|tt)\{([^{}]*)\}", r"`\1`"),
    (r"\\verb(\W)(.*?)\1", r"`\2`"),
    (r"\\href\{([^{}]*)\}\{([^{}]*)\}", r"\2 (\1)"),
    (r"\\url\{([^{}]*)\}", r"\1"),
    (r"\\footnote\{([^{}]*)\}", r" (\1)"),
    (r"``|''", '"'),
    (r"---", "\u2014"), (r"(?<=\d)--(?=\d)", "\u2013"), (r"~", " "),
    (r"\\\\", "\n\n"), (r"\\([%&#_{}])", r"\1"),
)  # fmt: skip
# Within formulas: what reads better without LaTeX.
_MATH: Final[tuple[tuple[str, str], ...]] = (
    (r"\\leq?\b", "≤"), (r"\\geq?\b", "≥"), (r"\\neq?\b", "≠"), (r"\\times\b", "×"),
    (r"\\cdots?\b", "·"), (r"\\[lc]?dots\b", "…"), (r"\\pi\b", "π"), (r"\\infty\b", "∞"),
    (r"\\in\b", "∈"), (r"\\(?:lt|gt)\b", ""), (r"\\[,;: !]", " "), (r"\\(?:left|right)\b", ""),
    (r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}", r"\1"), (r"\\([{}%_])", r"\1"),
)  # fmt: skip
_SUPER: Final = str.maketrans("0123456789-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ")
_SUB: Final = str.maketrans("0123456789ijkn", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ")


def markdown(problem: Problem, language: str) -> str:
    """The statement in this language, or in the one there is."""
    path = statement_of(problem, language)
    words = _WORDS["en" if language == "en" else "zh"]
    if path.suffix == ".pdf":
        return f"{words[4]}: {path.name}\n\n{_samples(problem, words)}"
    text = path.read_text("utf-8-sig", "replace")
    for name, value in problem.constants.items():
        text = text.replace("{{" + name + "}}", value)
    body = _from_latex(text) if path.suffix == ".tex" else _formulas(text)
    return f"{_limits(problem, language)}\n\n{body.strip()}\n\n{_samples(problem, words)}"


def _limits(problem: Problem, language: str) -> str:
    memory, time_ms = problem.limits.memory_mb, problem.limits.time_ms
    seconds = f"{time_ms / 1000:g}" if time_ms else "?"
    if language == "en":
        return f"Time limit {seconds} s · memory limit {memory} MiB"
    return f"时间限制 {seconds} 秒 · 内存限制 {memory} MiB"


def statement_of(problem: Problem, language: str) -> Path:
    """The file in this language; else English, else whichever there is."""
    found = problem.statements
    return found.get(language) or found.get("en") or next(iter(found.values()))


def _from_latex(text: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(f"\n```\n{match[1].strip(chr(10))}\n```\n")
        return f"\0{len(kept) - 1}\0"

    text = re.sub(r"\\begin\{(?:verbatim|lstlisting)\}(.*?)\\end\{\w+\}", keep, text, flags=re.S)
    text = _lists(_formulas(text))
    for pattern, replacement in _LATEX:
        text = re.sub(pattern, replacement, text)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)


def _lists(text: str) -> str:
    """`itemize` and `enumerate`, not nested ones."""

    def items(match: re.Match[str]) -> str:
        mark = "1." if match[1] == "enumerate" else "-"
        parts = [" ".join(part.split()) for part in match[2].split(r"\item")[1:]]
        return "\n\n" + "\n".join(f"{mark} {part}" for part in parts) + "\n\n"

    return re.sub(r"\\begin\{(itemize|enumerate)\}(.*?)\\end\{\1\}", items, text, flags=re.S)


def _formulas(text: str) -> str:
    """$…$ as slanted text with real signs; what a formula alone can say stays LaTeX, as code."""

    def shown(match: re.Match[str]) -> str:
        math = match[1] or match[2]
        for pattern, replacement in _MATH:
            math = re.sub(pattern, replacement, math)
        math = re.sub(r"\^\{?([0-9n-]+)\}?", lambda m: m[1].translate(_SUPER), math)
        math = re.sub(r"_\{?([0-9ijkn]+)\}?", lambda m: m[1].translate(_SUB), math)
        math = " ".join(math.split())
        if re.search(r"[\\^_{}]", math):
            return f"`{math}`"
        return re.sub(r"[A-Za-zᵢⱼₖₙ₀-₉]*[A-Za-z][ᵢⱼₖₙ₀-₉]*", lambda m: f"*{m[0]}*", math)

    return re.sub(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", shown, text, flags=re.S)


def _samples(problem: Problem, words: tuple[str, ...]) -> str:
    sample, given, answer, talk, _, more = words
    parts: list[str] = []

    def shown(title: str, path: Path) -> None:
        text = path.read_text("utf-8", "replace")
        cut = f"{text[:SHOWN]}{more}" if len(text) > SHOWN else text
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", cut)), default=0))
        parts.append(f"**{title}**\n\n{fence}\n{cut.rstrip(chr(10))}\n{fence}\n")

    talks = sorted((problem.folder / "data" / "sample").glob("*.interaction"))
    if problem.interactive:  # its input and answer are the validator's
        for number, path in enumerate(talks, start=1):
            parts.append(f"## {sample} {number}\n")
            shown(talk, path)
        return "\n".join(parts)
    group = problem.sample()
    for number, case in enumerate(group.cases() if group else (), start=1):
        parts.append(f"## {sample} {number}\n")
        shown(given, case.input)
        shown(answer, case.answer)
    return "\n".join(parts)
