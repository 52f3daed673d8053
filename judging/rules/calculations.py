"""From an observed value to the mark of a measurement, with the sum in words.

The kinds are those of CIS exports (marking-rules.md, "Measurement"), and a plain partial mark for
judges who give the mark themselves. A value is a `Decimal`, a mark whole hundredths; between them
everything is an exact fraction, rounded once, halves up. `calculation_reading` makes these rules
from the parameters of a workbook; `frontend/tablet/calculation.ts` says the same on a tablet
without a network, and both are held to the same worked cases.

RANGED_SCORE is an approximation: its semantics are not published. LOWER and UPPER are read as
tolerances below and above the target; where several ranges hold, the smallest deduction counts;
outside all of them there is no mark. Of REGULAR_DIFFERENCE_DEDUCTION it is not published whether a
step that was only begun counts: it does when `started` is set.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from judging.rules.scheme import two_decimals

HALF = Fraction(1, 2)


class NotObserved(ValueError):
    """A value that cannot have been observed; `zh` and `en` are whole sentences."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Worked:
    """The mark in hundredths, and how it came about."""

    mark: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Deduction:
    """What is taken off the maximum: marks, or per cent of the maximum."""

    amount: Decimal
    percent: bool

    def rest(self, maximum: int, times: int = 1) -> int:
        """What is left of `maximum` after this deduction was made `times` times; never below 0."""
        one = Fraction(maximum, 100) if self.percent else Fraction(100)
        left = maximum - Fraction(self.amount) * one * times
        return half_up(left) if left > 0 else 0

    @property
    def words(self) -> str:
        """ "60%" or "0.25"."""
        return f"{shown(self.amount)}%" if self.percent else shown(self.amount)


@dataclass(frozen=True, slots=True)
class PassFail:
    """PASS_FAIL: the full mark or none. 1 is met, 0 is not."""

    def work(self, observed: Decimal, maximum: int) -> Worked:
        if observed not in (0, 1):
            raise NotObserved(
                "这里只能记“达到”（1）或“未达到”（0）。",
                "Only met (1) or not met (0) can be noted.",
            )
        if observed:
            return Worked(
                maximum, f"达到：{two_decimals(maximum)}", f"Met: {two_decimals(maximum)}"
            )
        return Worked(0, "未达到：0.00", "Not met: 0.00")


@dataclass(frozen=True, slots=True)
class NumberCompleted:
    """NUMBER_COMPLETED: maximum × counted ÷ possible."""

    possible: int

    def work(self, observed: Decimal, maximum: int) -> Worked:
        if observed != int(observed) or not 0 <= observed <= self.possible:
            raise NotObserved(
                f"完成数应为 0 到 {self.possible} 的整数，而不是 {shown(observed)}。",
                f"The count is a whole number from 0 to {self.possible}, not {shown(observed)}.",
            )
        count = int(observed)
        mark = half_up(Fraction(maximum * count, self.possible))
        told = f"{two_decimals(maximum)} × {count} ÷ {self.possible} = {two_decimals(mark)}"
        return Worked(
            mark,
            f"完成 {count} / {self.possible}：{told}",
            f"{count} of {self.possible} completed: {told}",
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One labelled choice, known by its number in the workbook."""

    number: int
    label: str
    deduction: Deduction


@dataclass(frozen=True, slots=True)
class Choice:
    """CHOICE: one of several labels, each with a deduction. The value is the label's number."""

    options: tuple[Option, ...]

    def work(self, observed: Decimal, maximum: int) -> Worked:
        for one in self.options:
            if one.number == observed:
                mark = one.deduction.rest(maximum)
                zh, en = _taken(one.deduction.words, mark, maximum)
                return Worked(mark, f"“{one.label}”：{zh}", f"“{one.label}”: {en}")
        numbers = ", ".join(str(one.number) for one in self.options)
        raise NotObserved(
            f"没有选项 {shown(observed)}，只有 {numbers}。",
            f"There is no choice {shown(observed)}, only {numbers}.",
        )

    def gives(self, mark: int, maximum: int) -> bool:
        """Whether one of the choices gives this mark."""
        return any(one.deduction.rest(maximum) == mark for one in self.options)


@dataclass(frozen=True, slots=True)
class Band:
    """Values from `lower` below the target to `upper` above it, ends included."""

    lower: Decimal
    upper: Decimal
    deduction: Deduction


@dataclass(frozen=True, slots=True)
class RangedScore:
    """RANGED_SCORE: a target, and ranges around it with a deduction each (an approximation)."""

    target: Decimal
    bands: tuple[Band, ...]

    def work(self, observed: Decimal, maximum: int) -> Worked:
        target = shown(self.target)
        inside = [
            (one.deduction.rest(maximum), one)
            for one in self.bands
            if self.target - one.lower <= observed <= self.target + one.upper
        ]
        if not inside:
            return Worked(
                0,
                f"{shown(observed)} 不在任何范围内（目标 {target}）：0.00",
                f"{shown(observed)} is in none of the ranges (target {target}): 0.00",
            )
        mark, best = max(inside, key=lambda pair: pair[0])
        low, high = shown(self.target - best.lower), shown(self.target + best.upper)
        zh, en = _taken(best.deduction.words, mark, maximum)
        return Worked(
            mark,
            f"{shown(observed)} 在 {low} 至 {high} 之内（目标 {target}）：{zh}",
            f"{shown(observed)} lies within {low} to {high} (target {target}): {en}",
        )


@dataclass(frozen=True, slots=True)
class RegularDifference:
    """REGULAR_DIFFERENCE_DEDUCTION: for every `step` away from the target one deduction."""

    target: Decimal
    step: Decimal
    deduction: Deduction
    started: bool = False

    def work(self, observed: Decimal, maximum: int) -> Worked:
        away = abs(observed - self.target)
        far, step = Fraction(away), Fraction(self.step)
        steps, more = divmod(far.numerator * step.denominator, far.denominator * step.numerator)
        steps += 1 if self.started and more else 0
        mark = self.deduction.rest(maximum, steps)
        each, every = self.deduction.words, shown(self.step)
        zh, en = _taken(f"{each} × {steps}" if steps else "0", mark, maximum)
        return Worked(
            mark,
            f"与目标 {shown(self.target)} 相差 {shown(away)}，"
            f"{'每开始' if self.started else '每满'} {every} 计一次：{zh}",
            f"{shown(away)} away from {shown(self.target)}, one for every {every}"
            f"{' begun' if self.started else ''}: {en}",
        )


@dataclass(frozen=True, slots=True)
class PartialMark:
    """PARTIAL_MARK, ours: the judge gives the mark itself, in steps of `step` where it says so."""

    step: int | None = None

    def work(self, observed: Decimal, maximum: int) -> Worked:
        mark = observed.scaleb(2)
        if mark != int(mark) or not 0 <= mark <= maximum:
            raise NotObserved(
                f"分值应在 0.00 到 {two_decimals(maximum)} 之间，最多两位小数。",
                f"The mark lies between 0.00 and {two_decimals(maximum)}, two decimals at most.",
            )
        given = int(mark)
        if self.step and given % self.step and given != maximum:
            raise NotObserved(
                f"分值应为 {two_decimals(self.step)} 的整数倍，或满分。",
                f"The mark is a multiple of {two_decimals(self.step)}, or the maximum.",
            )
        return Worked(given, f"给分：{two_decimals(given)}", f"Given: {two_decimals(given)}")


Rule = PassFail | NumberCompleted | Choice | RangedScore | RegularDifference | PartialMark


def half_up(value: Fraction) -> int:
    """`value`, not negative, to the nearest whole; halves up."""
    return int(value + HALF)


def shown(value: Decimal) -> str:
    """A value as people write it: no exponent, no zeros at the end of a fraction."""
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _taken(words: str, mark: int, maximum: int) -> tuple[str, str]:
    whole, left = two_decimals(maximum), two_decimals(mark)
    return f"扣 {words}，{whole} → {left}", f"{words} off, {whole} → {left}"
