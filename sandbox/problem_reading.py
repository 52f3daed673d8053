"""Reads a problem package: a Problem, or BrokenPackage with a sentence for all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sandbox import problem_data, problem_expected, problem_metadata
from sandbox.names import display
from sandbox.problem import SCORE, Problem, Program
from sandbox.problem_metadata import Metadata
from sandbox.problem_tree import Findings, Keys, Tree
from sandbox.task import BrokenPackage

_ID: Final = re.compile(r"[a-z0-9]+")
_STATEMENT: Final = re.compile(r"problem(?:\.([a-z]{2,3}(?:-[A-Z]{2})?))?\.(md|tex|pdf)")
_TITLE: Final = re.compile(r"^%%\s*plainproblemname:(.*)$|\\problemname\{([^{}]*)\}", re.MULTILINE)
_SCRIPTS: Final = ("build", "run")


def is_problem(folder: Path) -> bool:
    """Whether this folder is a package of this kind, by its content."""
    return (folder / "problem.yaml").exists()


def load(folder: Path) -> Problem:
    """The problem in this folder. What is only odd is in its `warnings`."""
    findings = Findings()
    if not folder.is_dir():
        shown = display(folder.name)
        raise BrokenPackage(((f"没有文件夹 {shown}。", f"{shown} is not a folder."),))
    tree = Tree(folder, findings)
    metadata = problem_metadata.read(tree)
    if not _ID.fullmatch(folder.resolve().name):
        findings.odd(
            "文件夹名应只有小写字母和数字。",
            "The folder's name should hold only small letters and digits.",
        )
    root = problem_data.read(tree, metadata)
    statements = _statements(tree, metadata)
    validators = _validators(tree, metadata)
    submissions = problem_expected.read(tree, metadata)
    ours = _podium(tree)
    if findings.problems:
        raise BrokenPackage(tuple(findings.problems))
    return Problem(
        folder=folder,
        id=folder.resolve().name,
        format=metadata.format,
        names=_names(tree, metadata, statements),
        scoring=metadata.scoring,
        interactive=metadata.interactive,
        custom_score=metadata.custom_score or (metadata.format != "legacy" and metadata.scoring),
        maximize=metadata.maximize,
        limits=metadata.limits,
        root=root,
        validators=validators,
        submissions=submissions,
        statements=statements,
        attachments=tree.below("attachments"),
        includes=_includes(tree),
        languages=metadata.languages,
        constants=metadata.constants or {},
        warnings=tuple(findings.warnings),
        aspect=ours.text("aspect") or SCORE,
        full=int(ours.number("full", 0, 1, 100_000)) or None,
        minutes=int(ours.number("minutes", 60, 1, 6000)),
        checks_open=ours.yes("checks_open"),
    )


def _podium(tree: Tree) -> Keys:
    """podium.yaml, which the format does not know: what this competition makes of the problem."""
    if "podium.yaml" not in tree.files:
        return Keys({}, "podium.yaml", tree.findings)
    keys = tree.yaml("podium.yaml")
    keys.only(("aspect", "full", "minutes", "checks_open"))
    for key, low, high in (("full", 1, 100_000), ("minutes", 1, 6000)):
        keys.number(key, low, low, high)
    keys.text("aspect")
    keys.yes("checks_open")
    return keys


def _statements(tree: Tree, metadata: Metadata) -> dict[str, Path]:
    folder = "problem_statement" if metadata.format == "legacy" else "statement"
    found: dict[str, Path] = {}
    for name, path in sorted(tree.below(folder).items()):
        shape = _STATEMENT.fullmatch(name)
        if shape and (metadata.format == "legacy" or shape[1]):
            found.setdefault(shape[1] or "en", path)
    if not found:
        tree.findings.wrong(
            f"{folder} 里没有题面(problem.zh.tex、problem.en.tex 等)。",
            f"{folder} holds no statement (problem.zh.tex, problem.en.tex or the like).",
        )
    return found


def _names(tree: Tree, metadata: Metadata, statements: Mapping[str, Path]) -> dict[str, str]:
    """By language; a LaTeX statement carries its own."""
    names = dict(metadata.names)
    if metadata.format == "legacy":
        for language, path in statements.items():
            if path.suffix == ".tex":
                text = path.read_text("utf-8", "replace")
                found = sorted(_TITLE.finditer(text), key=lambda match: match[1] is None)
                if found:
                    names[language] = (found[0][1] or found[0][2]).strip()
    return names


def _validators(tree: Tree, metadata: Metadata) -> tuple[Program, ...]:
    """Custom output validators; none means the default one."""
    if metadata.format == "legacy":
        folder, custom = "output_validators", metadata.custom
    else:
        folder = "output_validator"
        custom = bool(tree.children(folder))
    children = tree.children(folder)
    direct = [name for name in children if name in tree.files]
    if metadata.format == "legacy" or not direct:
        programs = [problem_expected.program_at(tree, name) for name in children]
    else:  # one program, whose files may lie here without a folder of their own
        programs = [Program("output_validator", tree.below(folder))]
    if metadata.interactive and not custom:
        tree.findings.wrong(
            "交互题要有自己的检查程序。", "An interactive problem needs an output validator."
        )
    if custom and not children:
        tree.findings.wrong(f"{folder} 里没有检查程序。", f"{folder} holds no program.")
    if children and not custom:
        tree.findings.odd(
            f"problem.yaml 写明用默认检查程序,{folder} 未使用。",
            f"{folder} is not used: problem.yaml asks for the default validator.",
        )
    found = tuple(program for program in programs if program is not None) if custom else ()
    for program in found:
        if {*program.files} & {*_SCRIPTS}:
            tree.findings.wrong(
                f"{folder}/{program.name} 里的 build 和 run 脚本不受支持。",
                f"{folder}/{program.name}: build and run scripts are not supported.",
            )
    if metadata.interactive and len(found) > 1:
        tree.findings.wrong(
            "交互题只能有一个检查程序。", "An interactive problem has one output validator."
        )
    return found


def _includes(tree: Tree) -> dict[str, Program]:
    return {
        name.removeprefix("include/"): Program(name, tree.below(name))
        for name in tree.children("include")
        if name in tree.folders
    }
