"""Closes every stream it has and goes on, so that nobody hears it any more."""

import os

os.closerange(0, 256)
while True:
    pass
