"""Problem packages written on the spot: a sound small one, and what a test changes of it."""

from pathlib import Path

SOUND = {
    "problem.yaml": "name: Double\nlicense: cc0\nrights_owner: Podium\n",
    ".timelimit": "2\n",
    "problem_statement/problem.en.tex": "\\problemname{Double}\nDouble the number.\n",
    "problem_statement/problem.zh.tex": "\\problemname{加倍}\n把数加倍。\n",
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "2\n",
    "data/secret/01.in": "5\n",
    "data/secret/01.ans": "10\n",
    "data/secret/02.in": "-7\n",
    "data/secret/02.ans": "-14\n",
    "submissions/accepted/good.py": "print(2 * int(input()))\n",
    "submissions/wrong_answer/same.py": "print(input())\n",
}
MODERN = {
    name.replace("problem_statement", "statement").replace(".tex", ".md"): text
    for name, text in SOUND.items()
} | {
    "problem.yaml": "problem_format_version: 2023-07\nname: {en: Double, zh: 加倍}\n"
    "uuid: 00000000-0000-0000-0000-000000000001\n"
}


def write(folder: Path, files: dict[str, str | bytes | None], base=SOUND) -> Path:
    """A package in `folder`; None takes a file of the base away."""
    for name, text in (base | files).items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


GOOD = "print(2 * int(input()))"
GROUPS = {
    "problem.yaml": "type: scoring\n",
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 100",
    "data/secret/testdata.yaml": "grader_flags: accept_if_any_accepted",
    **{f"data/secret/0{i}.{e}": None for i in (1, 2) for e in ("in", "ans")},
    "data/secret/a/testdata.yaml": "accept_score: 40\ngrader_flags: min\non_reject: break",
    "data/secret/b/testdata.yaml": "accept_score: 30\ngrader_flags: sum\nrange: 0 60",
    "data/secret/a/1.in": "1", "data/secret/a/1.ans": "2",
    "data/secret/a/2.in": "2", "data/secret/a/2.ans": "4",
    "data/secret/b/1.in": "100", "data/secret/b/1.ans": "200",
    "data/secret/b/2.in": "101", "data/secret/b/2.ans": "202",
}  # fmt: skip
