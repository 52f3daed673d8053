"""Make a PDF or a picture of plain data with Typst, off the hub; same data, same bytes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from competition.offload import offload
from judging import fonts


def pdf(template: Path, told: Mapping[str, Any], data: Path) -> bytes:
    """The PDF of a template in `templates/print`; `data`: PODIUM_DATA, for fonts of one's own.

    No clock and no name of the machine get into it. Refuses where no Chinese font is there.
    """
    return _made(template, told, data, "pdf")


def png(template: Path, told: Mapping[str, Any], data: Path) -> bytes:
    """The same as a picture of its one page: a point of the page is a point of the picture."""
    return _made(template, told, data, "png")


def _made(
    template: Path, told: Mapping[str, Any], data: Path, kind: Literal["pdf", "png"]
) -> bytes:
    found = fonts.require(data)
    folders = sorted({str(path.parent) for path in found})
    inputs = {"data": json.dumps({**told, "fonts": list(fonts.FAMILIES)}, ensure_ascii=False)}
    return offload(_compile, template, inputs, folders, kind)


def _compile(
    template: Path, inputs: dict[str, str], folders: list[str], kind: Literal["pdf", "png"]
) -> bytes:
    made = typst.compile(
        str(template), root=str(template.parent), font_paths=folders, sys_inputs=inputs,
        format=kind, ppi=72,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
