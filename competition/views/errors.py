"""The one place where a refusal or a failure becomes an answer: a page for people, JSON for
programs. Never a traceback; our own bugs are logged with theirs under a reference number."""

from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from competition.logs import log
from competition.rules.refusal import Refusal
from competition.views.language import chosen

# What happened, what was not changed and what to do, for what Flask itself refuses.
SENTENCES = {
    400: Refusal(
        "请求不完整或已过期，什么都没有改变。请返回上一页刷新后再试。",
        "The request was incomplete or out of date; nothing was changed. Go back, reload the page"
        " and try again.",
    ),
    403: Refusal(
        "您没有此项权限，什么都没有改变。",
        "You may not do this; nothing was changed.",
    ),
    404: Refusal(
        "这里没有这个页面。请检查网址，或从首页开始。",
        "There is no such page. Check the address or start from the home page.",
    ),
    405: Refusal(
        "这个地址不接受这种请求，什么都没有改变。",
        "This address does not take that kind of request; nothing was changed.",
    ),
    413: Refusal(
        "内容超过允许的大小，什么都没有保存。请减小后再试。",
        "It is larger than allowed; nothing was kept. Make it smaller and try again.",
    ),
    429: Refusal(
        "尝试次数过多，本次没有处理。请一分钟后再试。",
        "Too many tries; this one was not looked at. Please try again in a minute.",
    ),
    500: Refusal(
        "系统内部出错，本次操作没有写入。我们已记录；请再试一次，仍不行请报告参考号。",
        "Something went wrong on our side; nothing was written. It was logged; try again, and"
        " report the reference if it fails once more.",
    ),
}


def _wants_json() -> bool:
    if request.path.endswith(".json") or "/api/" in request.path or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and not request.accept_mimetypes.accept_html


def _answer(status: int, refusal: Refusal) -> ResponseReturnValue:
    reference = g.get("reference", "")
    if _wants_json():
        return jsonify(error=refusal.as_dict(), reference=reference), status
    page = render_template(
        "errors/refused.html",
        status=status,
        sentence=refusal.sentence(chosen()),
        reference=reference,
        title=_("Not done"),
    )
    return page, status


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return _answer(refusal.status, refusal)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == 401:
        if _wants_json():
            sentence = Refusal("请先登录。", "Please sign in first.")
            return jsonify(error=sentence.as_dict(), reference=g.get("reference", "")), 401
        return redirect(url_for("signin.page", next=request.full_path.rstrip("?")))
    if status < 400:
        return error
    if status >= 500:
        log.error("failed", path=request.path, exc_info=error)
    return _answer(status, SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]))


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unhandled", path=request.path, exc_info=error)
    return _answer(500, SENTENCES[500])


# Nothing needs inline scripts; sockets and everything else come from our own origin.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
    " frame-src 'self' blob:; style-src 'self'; script-src 'self';"
    " connect-src 'self' ws: wss:; frame-ancestors 'self'; base-uri 'none';"
    " form-action 'self'; object-src 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)


def content_policy() -> str:
    """What a page may load: also boards, from where their files are served."""
    feeds = urlsplit(current_app.config["PODIUM_FEEDS_URL"])
    origin = f" {feeds.scheme}://{feeds.netloc}" if feeds.netloc else ""
    return POLICY.replace("wss:;", f"wss:{origin};")


def _security_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", content_policy())
    for name, value in HEADERS:
        response.headers.setdefault(name, value)
    return response


def _holds_no_nul() -> None:
    """Nothing is called by a NUL, which PostgreSQL would not even look for."""
    if "\x00" in request.path:
        abort(404)


def register(app: Flask) -> None:
    """Install the handlers and the headers every answer carries."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)
    app.before_request(_holds_no_nul)
    app.after_request(_security_headers)
