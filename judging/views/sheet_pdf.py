"""评分表 PDF: every sheet printable, blank before marking, filled with signatures afterwards."""

import json
from pathlib import Path
from urllib.parse import quote

import segno
from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.database import db
from competition.founding import edition
from competition.models import Skill
from competition.views.language import chosen, day_and_time, name
from judging import fonts, printing, sheet_pages
from judging.sheet_pages import Pages, Plain
from judging.views.signoff import opened

blueprint = Blueprint("sheet_pdf", __name__, url_prefix="/sheets")


@blueprint.get("/<code>/<int:sub>/<work>.pdf")
def one(code: str, sub: int, work: str) -> ResponseReturnValue:
    """The sheet of one work."""
    return _pdf(opened(code), sub, work)


@blueprint.get("/<code>/<int:sub>.pdf")
def all_(code: str, sub: int) -> ResponseReturnValue:
    """The sheets of all works, one after the other."""
    return _pdf(opened(code), sub, None)


def _pdf(skill: Skill, sub: int, work: str | None) -> ResponseReturnValue:
    blank = "blank" in request.args
    found = sheet_pages.read(db.session(), skill, sub, work=work, blank=blank)
    if found is None:
        abort(404)
    data = Path(current_app.config["PODIUM_DATA"])
    told = _told(skill, found, data)
    template = Path(current_app.root_path) / "templates" / "print" / "sheet.typ"
    answer = Response(printing.pdf(template, told, data), mimetype="application/pdf")
    kind = "blank" if blank else f"r{found.number}"
    file = f"{skill.code}-{found.sub.code}-{work or 'all'}-{kind}-{chosen()}.pdf"
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file, safe='')}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(skill: Skill, found: Pages, data: Path) -> Plain:
    competition = edition(db.session())
    told: Plain = {
        "title": f"{skill.code} {found.sub.code}",
        "competition": name(competition) if competition is not None else "Podium",
        "skill": f"{skill.code} {name(skill)}",
        "language": chosen(),
        "words": {
            "page": _("Page"), "digest": _("What was signed, SHA-256:"), "yes": _("met"),
            "no": _("not met"), "of": _("Maximum"), "work": _("Code of the work"),
            "number": _("No."),
            "aspect": _("Aspect"), "maximum": _("Maximum"), "mark": _("Mark"),
            "total": _("Total"), "signatures": _("Signatures"),
        },
    }  # fmt: skip
    sheets = [_sheet(skill, found, one) for one in found.sheets]
    missing = fonts.lacking(json.dumps([told, sheets], ensure_ascii=False), fonts.require(data))
    if missing:
        listed = "、".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:12])
        said = _("No font on this machine draws: %(letters)s. Write them by hand.", letters=listed)
        for each in sheets:
            each["lacks"] = said
    return {**told, "sheets": sheets}


def _sheet(skill: Skill, found: Pages, one: Plain) -> Plain:
    blank = one["blank"]
    address = url_for("signoff.sheets", code=skill.code, sub=found.sub.id, _external=True)
    qr = segno.make(f"{address}#{one['code']}", error="m")
    state, hint = _state(found, one)
    return {
        "code": one["code"],
        "sub": found.sub.code,
        "name": name(found.sub),
        "day": _("Day %(day)s of marking", day=found.sub.day) if found.sub.day else "",
        "max": found.most,
        "state": state,
        "hint": hint,
        "lacks": "",
        "blank": blank,
        "judges": max(1, len(found.judges)),
        "scheme": _("Marking scheme, version %(n)s", n=found.version),
        "ledger": _("Ledger %(n)s", n=found.number) + f" {found.head}",
        "digest": "" if blank else one["digest"],
        "qr": qr.svg_inline(border=0, omitsize=True),
        "total": one["total"] if one["whole"] else f"({one['total']})",
        "notes": []
        if blank
        else [
            _("opened again after sign-off, %(time)s: %(why)s", time=day_and_time(at), why=why)
            for at, why in one["reasons"]
        ],
        "aspects": [_aspect(aspect) for aspect in one["aspects"]],
        "signatures": _signatures(found, one),
    }


def _state(found: Pages, one: Plain) -> tuple[str, str]:
    """The state on every page: a word, and beside the first one what it means."""
    if one["blank"]:
        return _("Blank sheet"), _("The paper twin: same numbers as on the tablet.")
    if found.is_locked:
        return _("Locked"), _("No mark changes any more unless two people unlock it.")
    if one["state"] == "signed":
        return _("Signed off"), _("It takes no more marks unless it is sent back with a reason.")
    if one["state"] == "marking":
        return _("Being marked"), _("Marks, differences or the confirmation are still open.")
    return _("Complete, being signed"), _("Not signed by everybody yet.")


def _aspect(one: Plain) -> Plain:
    more = [name(one, "requirement"), name(one, "extra")]
    return {
        "code": one["code"],
        "name": name(one),
        "more": " · ".join(text for text in more if text),
        "rungs": [rung.get(chosen()) or rung.get("zh", "") for rung in one["rungs"]],
        "max": one["max"],
        "kind": one["kind"],
        "partial": one["partial"],
        "mark": one["mark"],
        "said": " · ".join(map(str, one["votes"])),
        "star": one["star"],
    }


def _signatures(found: Pages, one: Plain) -> list[dict[str, str]]:
    """Who signed and when; empty lines for who still has to."""
    roles = {"judge": _("Judge"), "competitor": _("Competitor"), "chief": _("Chief judge")}
    if one["blank"]:
        given: list[Plain] = []
        open_ = ["judge"] * max(1, len(found.judges))
        open_ += ["competitor"] if found.competitor_signs else []
        open_ += ["chief"]
    else:
        given = one["signatures"]
        there = [each["role"] for each in given]
        judges = max(0, len(found.judges) - there.count("judge"))
        others = ["competitor"] if found.competitor_signs else []
        open_ = ["judge"] * judges + [role for role in (*others, "chief") if role not in there]
    return [_line(roles[each["role"]], each) for each in given] + [
        {"role": roles[role], "who": "", "at": ""} for role in open_
    ]


def _line(role: str, given: Plain) -> dict[str, str]:
    who_ = given["who"] or (
        _("does not sign: %(why)s", why=given["remark"]) if given["remark"] else _("by PIN")
    )
    return {"role": role, "who": who_, "at": day_and_time(given["at"])}
