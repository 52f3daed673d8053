"""Four processes, both streams, large pieces and small ones."""

import os

for _ in range(2):
    os.fork()
for n in range(1_000_000):
    os.write(1 + n % 2, b"y" * (1 + n * 7 % 9000))
