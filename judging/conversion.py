"""A CIS workbook of any layout becomes one of the published layout, through our own model."""

import os
import tempfile
from pathlib import Path

from competition.rules.refusal import Refusal
from judging import workbook, workbook_writing
from judging.workbook import Reading


def convert(source: Path, target: Path) -> Reading:
    """Reads `source`, writes `target`, reads it back and compares; gives what `source` held.

    An empty template stays one. A file with errors is refused: what could not be read would be
    missing in the new file, and nobody would see it. `target` appears whole or not at all.
    """
    reading = workbook.read(source)
    if reading.errors and (reading.found.aspects or not _is_template(reading)):
        raise _refused(reading)
    if target.suffix.casefold() != ".xlsx":
        raise Refusal(
            f"目标文件应以 .xlsx 结尾（{target.name}），没有写出文件。",
            f"The new file's name must end in .xlsx ({target.name}); no file was written.",
        )
    data = workbook_writing.write(reading.found)
    if without_rows(workbook.read_bytes(data)) != without_rows(reading):
        raise Refusal(
            "写出的文件读回后与原文件不一致，没有写出文件。请把原文件发给 Podium 的维护者。",
            "What was written does not read like the original; no file was written. Please send"
            " the original to Podium's maintainers.",
            status=500,
        )
    _put(data, target)
    return reading


def without_rows(reading: Reading) -> dict[str, object]:
    """The report of a reading but for row numbers: what has to be the same in both files. The
    order of problems follows the rows, so it is left out as well."""
    report = workbook.report(reading)
    problems = {
        word: sorted((one.en, one.column or "") for one in found)
        for word, found in (("errors", reading.errors), ("warnings", reading.warnings))
    }
    return {**report, **problems}


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
        f"The file has {count} errors; no file was written. Mend first: {where_en}{first.en}",
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
