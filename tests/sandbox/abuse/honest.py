"""A submission that does what it was asked to, and shows what it finds around it."""

import os

numbers, secret = map(int, input().split()), input()
memory = bytearray(8 << 20)
memory[::4096] = b"x" * (len(memory) // 4096)
print(sum(number * number for number in numbers))
print(sorted(os.path.join(folder, name) for folder, _, names in os.walk(".") for name in names))
print(sum(name.isdigit() for name in os.listdir("/proc")), "processes")
with open("written-by-the-test-before", "w") as file:
    file.write(secret)
