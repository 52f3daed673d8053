"""Files that are hard to find and to remove: closed folders, names that are no text."""

import os

names = [b"\xff\xfe", b"new\nline", b"x" * 255, "名字".encode(), b"-rf", b"\x1b[2J", b" ", b"\\"]
os.makedirs("a/b/c")
for name in names:
    open(b"a/b/c/" + name, "x").close()
    os.mkdir(b"a/" + name)
    open(name, "x").close()
    os.chmod(name, 0)
for folder in ("a/b/c", "a/b", "a"):
    os.chmod(folder, 0)
print("held")
