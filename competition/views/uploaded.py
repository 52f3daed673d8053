"""Files that somebody uploaded, on their way out: a browser shows them and never lets them act."""

from flask import Response


def shut_in(answer: Response, cached: str | None = None) -> Response:
    """The answer with an uploaded file in it, which no browser takes for a page of ours: no script,
    no form, no origin, no address asked. `cached`: its Cache-Control, else what it has."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if cached is not None:
        answer.headers["Cache-Control"] = cached
    return answer
