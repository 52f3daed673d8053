"""CIS workbooks in the published layout: written from a workbook of any layout or from a skill's
scheme, through our own model, and read back before anybody gets them."""

import os
import tempfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import scheme, scheme_rows, workbook, workbook_writing
from judging.rules.scheme import Scheme, Text
from judging.workbook import Reading


def convert(source: Path, target: Path) -> Reading:
    """Reads `source`, writes `target`, reads it back and compares; gives what `source` held.

    An empty template stays one. A file with errors is refused: what could not be read would be
    missing in the new file, and nobody would see it. `target` appears whole or not at all, and is
    never the source.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise Refusal(
            f"{target} 就是原文件，没有转换，也没有覆盖。请换一个文件名。",
            f"{target} is the source itself; nothing was converted or overwritten. Choose another"
            " name.",
        )
    reading = workbook.read(source)
    if reading.errors and (reading.found.aspects or not _is_template(reading)):
        raise _refused(reading)
    _need_xlsx(target)
    data = workbook_writing.write(reading.found)
    if _said(workbook.read_bytes(data)) != _said(reading):
        raise _differs()
    _put(data, target)
    return reading


def of_skill(skill: Skill) -> Scheme:
    """The scheme that counts in a skill, as it is written to a workbook."""
    row = scheme.current(skill.id)
    if row is None:
        raise Refusal(
            f"赛项 {skill.code} 还没有评分表，没有导出。请先导入或编写评分表。",
            f"Skill {skill.code} has no marking scheme yet; nothing was exported. Import or write"
            " one first.",
        )
    return scheme_rows.plain(row, skill)


def written(found: Scheme, language: str) -> bytes:
    """A scheme as a workbook, its texts in `language` ("zh" or "en"), read back and the same."""
    data = workbook_writing.write(found, language)
    reading = workbook.read_bytes(data)
    if reading.errors or bare(reading.found) != bare(in_one_language(found, language)):
        raise _differs()
    return data


def export(skill: Skill, language: str, target: Path) -> None:
    """The scheme that counts in a skill as a file, which appears whole or not at all."""
    _need_xlsx(target)
    _put(written(of_skill(skill), language), target)


def in_one_language(found: Scheme, language: str) -> Scheme:
    """The scheme as a workbook can hold it: one text a cell, the other language where that is all
    there is."""

    def said(value: Any) -> Any:  # noqa: ANN401 - any part of a scheme
        if isinstance(value, Text):
            first, second = (value.en, value.zh) if language == "en" else (value.zh, value.en)
            return Text.of(first or second)
        if isinstance(value, tuple):
            return tuple(said(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{one.name: said(getattr(value, one.name)) for one in fields(value)}
            )
        return value

    told: Scheme = said(found)
    return told


def bare(value: Any) -> Any:  # noqa: ANN401 - any part of a scheme
    """A scheme, or a part of one, as plain values without the rows that its parts stood in."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: bare(getattr(value, one.name)) for one in fields(value) if one.name != "row"
        }
    if isinstance(value, tuple):
        return [bare(one) for one in value]
    return value


def _need_xlsx(target: Path) -> None:
    if target.suffix.casefold() != ".xlsx":
        raise Refusal(
            f"目标文件应以 .xlsx 结尾（{target.name}），没有写出文件。",
            f"The new file's name must end in .xlsx ({target.name}); no file was written.",
        )


def _differs() -> Refusal:
    return Refusal(
        "写出的文件读回后与原来的评分表不一致，没有写出文件。请把评分表发给 Podium 的维护者。",
        "What was written does not read like the original; no file was written. Please send the"
        " scheme to Podium's maintainers.",
        status=500,
    )


def _said(reading: Reading) -> object:
    """What has to be the same in both files: the scheme and why it is none. How the original was
    dressed (look-alike letters, wrong totals typed by hand) is not carried over."""
    return bare(reading.found), sorted(one.en for one in reading.errors)


def _is_template(reading: Reading) -> bool:
    """A readable workbook in which nobody has written an aspect yet."""
    return bool(reading.found.sections or reading.found.name) and len(reading.errors) == 1


def _refused(reading: Reading) -> Refusal:
    first = reading.errors[0]
    where_zh = f"第 {first.row} 行：" if first.row else ""
    where_en = f"row {first.row}: " if first.row else ""
    count = len(reading.errors)
    return Refusal(
        f"原文件有 {count} 处错误，没有写出文件。先改正：{where_zh}{first.zh}",
        f"Errors in the file: {count}; no file was written. Mend first: {where_en}{first.en}",
    )


def _put(data: bytes, target: Path) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
            part.write(data)
        Path(part.name).chmod(0o666 & ~_umask())
        Path(part.name).replace(target)
    except OSError as error:
        raise Refusal(
            f"无法写入 {target}（{error.strerror}），没有写出文件。请换一个文件夹。",
            f"{target} cannot be written ({error.strerror}); no file was written. Choose another"
            " folder.",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
