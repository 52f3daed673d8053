"""The work folder lies in memory: fills it, with less memory allowed than it could hold."""

with open("full", "wb") as file:
    for _ in range(60):
        file.write(b"x" * (1 << 20))
        file.flush()
