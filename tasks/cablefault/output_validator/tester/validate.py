"""Answers what the competitor's program measures, and counts; stdin hears it, stdout speaks to it.

Called with: input (length and break), answer (not used), feedback folder.
"""

import sys
from pathlib import Path

ALLOWED = 20


def wrong(why):
    Path(sys.argv[3], "judgemessage.txt").write_text(why + "\n")
    sys.exit(43)


def say(line):
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = None
        wrong("the program was gone before it heard the answer")


def main():
    n, broken = map(int, Path(sys.argv[1]).read_text().split())
    say(n)
    for asked in range(ALLOWED + 1):
        line = sys.stdin.readline(100)
        words = line.split()
        if not line:
            wrong(f"it ended without an answer after {asked} measurements")
        if len(words) != 2 or words[0] not in "?!" or not words[1].isascii():
            wrong(f"it said {line[:40]!r}")
        if not words[1].isdigit() or not 1 <= int(words[1]) <= n:
            wrong(f"{words[1][:20]} is no metre of the cable")
        if words[0] == "!":
            if int(words[1]) != broken:
                wrong(f"it answered {words[1]}, the break is in metre {broken}")
            if sys.stdin.readline(100).strip():
                wrong("it said more after its answer")
            sys.exit(42)
        if asked == ALLOWED:
            wrong(f"more than {ALLOWED} measurements")
        say("dead" if int(words[1]) >= broken else "voltage")


main()
