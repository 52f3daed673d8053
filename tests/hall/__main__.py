"""The hall test by hand, with any seed: python -m tests.hall --seed 7 [--times 5]

A failure names its seed, minute and step; the same seed plays the same script again.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.conftest import a_chromium, migrate
from tests.hall.day import a_day


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--times", type=int, default=1, help="this many seeds, one after the other")
    told = asked.parse_args()
    with a_chromium() as browser:
        for seed in range(told.seed, told.seed + told.times):
            with tempfile.TemporaryDirectory(prefix="podium-hall-") as name:
                folder, began = Path(name), time.monotonic()
                url = f"sqlite:///{folder / 'podium.db'}"
                migrate(url, folder)
                figures = a_day(url, folder, browser, seed)
                print(json.dumps({**figures, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
