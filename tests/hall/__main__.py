"""The hall test by hand, with any seed: python -m tests.hall --seed 7 [--times 5]

A failure names its seed, minute and step; the same seed plays the same script again.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from tests.browsers import a_chromium
from tests.conftest import migrate
from tests.hall.day import a_day


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--times", type=int, default=1, help="this many seeds, one after the other")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="podium-hall-") as name, a_chromium() as browser:
        empty = Path(name)
        migrate(f"sqlite:///{empty / 'podium.db'}", empty)
        for seed in range(told.seed, told.seed + told.times):
            folder, began = empty / str(seed), time.monotonic()
            folder.mkdir()
            shutil.copyfile(empty / "podium.db", folder / "podium.db")
            figures = a_day(f"sqlite:///{folder / 'podium.db'}", folder, browser, seed)
            took = round(time.monotonic() - began)
            print(json.dumps({**figures, "seconds": took}), flush=True)


if __name__ == "__main__":
    main()
