"""Whether an input is the length and the break that the validator expects."""

import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d* [1-9]\d*\n", text)
n, broken = map(int, text.split())
assert 1 <= broken <= n <= 1_000_000
sys.exit(42)
