"""A tablet without a screen: signs in, pairs and posts marks through the same HTTP as the page.

Bots of the demo and the benchmark use it, so that what they do is what a judge's tablet does.
"""

import re
import uuid
from collections.abc import Iterable
from typing import Any

import requests

CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
TIMEOUT = 20  # seconds


class TabletClient:
    """One judge's tablet. Errors of the network come out as requests' own exceptions."""

    def __init__(self, site: str, skill: str) -> None:
        self.site = site.rstrip("/")
        self.skill = skill
        self.http = requests.Session()
        self.judge = 0

    def sign_in(self, username: str, password: str) -> None:
        """Sign in and pair, as a judge does on the first page of the day."""
        form = {
            "username": username,
            "password": password,
            "csrf_token": self._token("/sign-in"),
        }
        answer = self.http.post(f"{self.site}/sign-in", data=form, timeout=TIMEOUT)
        answer.raise_for_status()
        token = self._token(f"/tablet/{self.skill}/")
        answer = self.http.post(
            f"{self.site}/tablet/pair",
            json={"skill": self.skill},
            headers={"X-CSRFToken": token, "Referer": f"{self.site}/"},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        self.carry(answer.json()["token"], int(answer.json()["judge"]["id"]))

    def carry(self, token: str, judge: int) -> None:
        """Go on with a token that was given out before; the cookies are not needed any more."""
        self.judge = judge
        self.http.cookies.clear()
        self.http.headers["Authorization"] = f"Bearer {token}"

    def pack(self) -> dict[str, Any]:
        """The scheme, the codes and the panel."""
        return self._get("/tablet/api/pack")

    def work(self, code: str) -> dict[str, Any]:
        """Every cell and sheet of one work."""
        return self._get(f"/tablet/api/sheets/{code}")

    def post(self, posts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send marks; the answers stand in the order of the posts."""
        body = {"waiting": 0, "posts": list(posts)}
        answer = self.http.post(f"{self.site}/tablet/api/marks", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        return list(answer.json()["answers"])

    def observation(
        self, code: str, aspect: int, value: int, *, round: int = 1, reason: str = ""
    ) -> dict[str, Any]:
        """A mark in hundredths, or a vote of 0 to 3, ready to be posted."""
        return self._named(code, aspect=aspect, value=value, round=round, reason=reason)

    def confirmation(self, code: str, sub_criterion: int, upto: int) -> dict[str, Any]:
        """A confirmation of a sheet as it stood at observation `upto`, ready to be posted."""
        return self._named(code, sub_criterion=sub_criterion, upto=upto)

    def _named(self, code: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
        return {"key": str(uuid.uuid4()), "code": code, "judge": self.judge, **fields}

    def _get(self, path: str) -> dict[str, Any]:
        answer = self.http.get(self.site + path, timeout=TIMEOUT)
        answer.raise_for_status()
        return dict(answer.json())

    def _token(self, path: str) -> str:
        answer = self.http.get(self.site + path, timeout=TIMEOUT)
        answer.raise_for_status()
        found = CSRF.search(answer.text)
        return found.group(1) if found else ""
