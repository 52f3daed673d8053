"""Takes 120 MB, gives them back and then reads files, which the kernel keeps in memory for all.

Whoever takes the cache off the highest figure finds that almost nothing was used.
"""

import os

mine = b"x" * (120 << 20)
del mine
read = 0
for folder, _, names in os.walk("/usr"):
    for name in names:
        try:
            with open(os.path.join(folder, name), "rb") as file:
                read += len(file.read())
        except OSError:
            pass
        if read > 120 << 20:
            raise SystemExit
