"""What can happen in a hall, as data: who taps what on which tablet, and what goes wrong meanwhile.

A tablet is named by skill, judge and, where the judge has more than one, its number: "H1-li-2".
Values are hundredths for a measurement, 0 to 3 for a vote.
"""

from dataclasses import dataclass

FULL = {"A1.01": 150, "A1.02": 100, "A1.03": 50, "A2.01": 100, "A2.02": 150}
VOTES = ("B1.01", "B1.02")


@dataclass(frozen=True)
class Step:
    """One thing that happens on, or to, one tablet."""

    tablet: str


@dataclass(frozen=True)
class Tap(Step):
    """A judge taps one value. `aside`: why the site will set it aside; `fault`: what the wire does
    to the post that carries it (`wire.Wire.arm`)."""

    code: str
    aspect: str
    value: int
    aside: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Undo(Step):
    """The judge takes the tablet's last tap back; `value` is what stood there before."""

    code: str
    aspect: str
    value: int | None


@dataclass(frozen=True)
class Confirm(Step):
    """The judge confirms a sheet by holding."""

    code: str
    sub: str
    aside: str = ""


@dataclass(frozen=True)
class Look(Step):
    """The judge opens a work and sees it as it stands on the site now."""

    code: str


@dataclass(frozen=True)
class Lose(Step):
    """The network is lost: "offline", which the browser notices, or "cut", which it does not."""

    how: str


@dataclass(frozen=True)
class Return(Step):
    """The network is back, and everything on the tablet reaches the site."""


@dataclass(frozen=True)
class Heal(Step):
    """After a "late" post: the tablet tries again with success, then the late copy arrives too."""


@dataclass(frozen=True)
class Reload(Step):
    """The page is loaded anew, with or without a network."""


@dataclass(frozen=True)
class KillBrowser(Step):
    """kill -9 of the browser; it is opened again on the same profile."""


@dataclass(frozen=True)
class ExpireSignIn(Step):
    """The judge's sign-in on this browser is over; the device token is not."""


@dataclass(frozen=True)
class Revoke(Step):
    """The chief judge takes the tablet out of use: its token is refused (401) from now on."""


@dataclass(frozen=True)
class SignIn(Step):
    """The judge signs in again on the tablet, which sends what it kept."""


@dataclass(frozen=True)
class Lock(Step):
    """The chief judge locks the skill; `tablet` is the skill's code."""


@dataclass(frozen=True)
class Decide(Step):
    """The chief judge chooses between differing entries; `tablet` is the skill's code."""

    code: str
    aspect: str
    value: int


Minute = list[Step]
