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
