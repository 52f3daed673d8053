"""Whether an input is what the statement promises; the largest n of the group is the argument."""

import re
import sys

most = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
lines = sys.stdin.read().split("\n")
assert re.fullmatch(r"[1-9]\d*", lines[0]) and not lines[-1]
orders = lines[1:-1]
assert 1 <= int(lines[0]) <= most and len(orders) == int(lines[0])
for order in orders:
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", order)
    assert all(1 <= int(word) <= 10**9 for word in order.split())
sys.exit(42)
