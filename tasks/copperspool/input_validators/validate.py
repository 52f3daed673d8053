"""Whether an input is what the statement promises."""

import re
import sys

lines = sys.stdin.read().split("\n")
assert re.fullmatch(r"[1-9]\d*", lines[0]) and not lines[-1]
spools = lines[1:-1]
assert 1 <= int(lines[0]) <= 1000 and len(spools) == int(lines[0])
for spool in spools:
    found = re.fullmatch(r"(\d+(?:\.\d{1,3})?) (\d+(?:\.\d{1,3})?) ([1-9]\d*)", spool)
    assert found, spool
    assert 0.1 <= float(found[1]) <= 1000 and 0.01 <= float(found[2]) <= 10
    assert int(found[3]) <= 10**9
sys.exit(42)
