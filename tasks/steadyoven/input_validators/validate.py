"""Whether an input is what the statement promises."""

import re
import sys

NUMBER = r"(0|-?[1-9]\d*)"

lines = sys.stdin.read().split("\n")
assert len(lines) == 3 and not lines[2]
assert re.fullmatch(r"[1-9]\d* (0|[1-9]\d*)", lines[0])
n, d = map(int, lines[0].split())
assert 1 <= n <= 20_000 and 0 <= d <= 10**9
assert re.fullmatch(rf"{NUMBER}( {NUMBER})*", lines[1])
values = list(map(int, lines[1].split()))
assert len(values) == n and all(abs(value) <= 10**9 for value in values)
sys.exit(42)
