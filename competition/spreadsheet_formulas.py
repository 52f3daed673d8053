"""Which cells of a workbook hold formulas: the reader gives their last values as if typed.

For .xlsx and .ods the XML is walked, for .xls the records of the stream inside the old container.
"""

import struct
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from xml.parsers import expat

Place = tuple[int, int]  # row, column, both from 0
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


def in_xlsx(archive: zipfile.ZipFile, *, unstored: bool = False) -> dict[str, set[Place]]:
    """By sheet name. Only parts that have a formula at all are walked. `unstored`: only formulas
    whose value is not in the file, because no spreadsheet has worked them out yet."""
    parts = {}
    for name, target in _sheets(archive).items():
        try:
            part = archive.read(target)
        except KeyError:
            continue
        if b"<f>" in part or b"<f " in part or b":f" in part:
            parts[name] = _walk(part, unstored)
    return parts


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part that holds it."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == "sheet":
            names[attributes.get("name", "")] = attributes.get(f"{_R} id", "")

    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    return {
        name: normpath(join("xl", targets.get(one, ""))).removeprefix("/")
        for name, one in names.items()
    }


def _parse(data: bytes, start: object, words: object = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.CharacterDataHandler = words  # type: ignore[assignment]
    parser.Parse(data, True)


def _walk(part: bytes, unstored: bool) -> set[Place]:
    found: set[Place] = set()
    row = column = -1
    tag = kind = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, tag, kind
        tag = name.rpartition(" ")[2]
        if tag == "row":
            row = int(attributes["r"]) - 1 if "r" in attributes else row + 1
            column = -1
        elif tag == "c":
            column = _column(attributes["r"]) if "r" in attributes else column + 1
            kind = attributes.get("t", "")
        elif tag == "f" and not (unstored and kind == "str"):  # a text that may be empty
            found.add((row, column))

    def words(text: str) -> None:
        if unstored and tag == "v" and text.strip():
            found.discard((row, column))

    _parse(part, start, words)
    return found


def _column(address: str) -> int:
    column = 0
    for letter in address.rstrip("0123456789").upper()[:4]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def in_ods(archive: zipfile.ZipFile) -> dict[str, set[Place]]:
    """By sheet name; repeated rows and cells are counted, not laid out."""
    found: dict[str, set[Place]] = {}
    sheet, row, column, rows = "", 0, 0, 1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal sheet, row, column, rows
        _, _, tag = tag.rpartition(" ")
        short = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if tag == "table":
            sheet, row, rows = short.get("name", ""), 0, 0
        elif tag == "table-row":
            row, column = row + rows, 0
            rows = int(short.get("number-rows-repeated", "1"))
        elif tag in ("table-cell", "covered-table-cell"):
            if "formula" in short:
                found.setdefault(sheet, set()).add((row, column))
            column += int(short.get("number-columns-repeated", "1"))

    _parse(archive.read("content.xml"), start)
    return found


def in_xls(data: bytes) -> dict[str, set[Place]]:
    """By sheet name, from the records of the workbook's stream ([MS-XLS] 2.4.127: 0x0006)."""
    names: dict[int, str] = {}
    found: dict[str, set[Place]] = {}
    sheet: str | None = None
    for at, kind, body in _records(_stream(data)):
        if kind == 0x0085 and len(body) > 8:  # BoundSheet8: where a sheet begins, and its name
            wide = body[7] & 1
            text = body[8 : 8 + body[6] * (2 if wide else 1)]
            names[struct.unpack_from("<I", body)[0]] = text.decode(
                "utf-16-le" if wide else "latin-1", "replace"
            )
        elif kind == 0x0809:
            sheet = names.get(at)
        elif kind == 0x0006 and sheet is not None and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(sheet, set()).add((row, column))
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(data: bytes) -> bytes:
    """The stream "Workbook" (or "Book") of a compound file ([MS-CFB]); empty when there is none."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if not 7 <= shift <= 12:
        return b""
    size = 1 << shift

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def figures(raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    table = [one for one in struct.unpack_from("<109I", data, 76) if one != _FREE]
    (more,) = struct.unpack_from("<I", data, 68)
    while more not in (_END, _FREE) and len(table) * size <= len(data):
        page = figures(sector(more))
        if not page:
            break
        table += [one for one in page[:-1] if one != _FREE]
        more = page[-1]
    fat = [one for number in table for one in figures(sector(number))]

    def chain(number: int) -> bytes:
        pieces: list[bytes] = []
        while number < len(fat) and len(pieces) * size <= len(data):
            pieces.append(sector(number))
            number = fat[number]
        return b"".join(pieces)

    (directory,) = struct.unpack_from("<I", data, 48)
    listing = chain(directory)
    for at in range(0, len(listing) - 127, 128):
        length = struct.unpack_from("<H", listing, at + 64)[0]
        name = listing[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, long = struct.unpack_from("<II", listing, at + 116)
            return chain(start)[:long]
    return b""
