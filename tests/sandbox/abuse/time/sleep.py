"""Costs nothing and never ends."""

import time

time.sleep(1000)
