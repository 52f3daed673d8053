"""Takes memory piece by piece, and uses it."""

held = []
for _ in range(1000):
    held.append(b"x" * (1 << 20))
