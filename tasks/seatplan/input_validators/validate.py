"""Whether an input is what the statement promises."""

import re
import sys

lines = sys.stdin.read().split("\n")
assert len(lines) == 3 and not lines[2]
assert re.fullmatch(r"[1-9]\d*", lines[0]) and re.fullmatch(r"[1-9]\d*( [1-9]\d*)*", lines[1])
n, teams = int(lines[0]), list(map(int, lines[1].split()))
assert 1 <= n <= 20_000 and len(teams) == n and all(1 <= team <= n for team in teams)
sys.exit(42)
