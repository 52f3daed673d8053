"""Everything that is not text: all bytes, control codes, a script, a lone surrogate, no newline."""

import os

os.write(
    1, bytes(range(256)) * 64 + b"\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>\xed\xa0\x80"
)
os.write(2, bytes(range(256)))
