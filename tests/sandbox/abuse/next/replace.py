"""What was put for it and for the next run: changed, moved, removed, hidden."""

import os

from attempt import NOT_THERE, held, refused

BUSY = NOT_THERE | {16, 18, 22, 39}
for name in ("honest.py", "attempt.py", os.path.basename(__file__)):
    refused(f"write {name}", os.open, name, os.O_WRONLY, also={26})
    refused(f"cut {name}", os.truncate, name, 0, also={26})
    refused(f"remove {name}", os.unlink, name)
    refused(f"move {name}", os.rename, name, "gone")
    refused(f"mode of {name}", os.chmod, name, 0o777)
    refused(f"times of {name}", os.utime, name, (0, 0))
    refused(f"link to {name}", os.link, name, "again")
    open("mine", "w").close()
    refused(f"put over {name}", os.replace, "mine", name)
for name in ("/work", "/"):
    refused(f"mode of {name}", os.chmod, name, 0o700, also=BUSY)
    refused(f"move {name}", os.rename, name, "/elsewhere", also=BUSY)
    refused(f"remove {name}", os.rmdir, name, also=BUSY)
held()
