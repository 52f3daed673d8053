"""Process 1 of a program box: `python3 -ISB /opt/podium/sandbox/inside UID`."""

import sys

sys.path.insert(0, "/opt/podium")

from sandbox.inside.agent import main

main(int(sys.argv[1]))
