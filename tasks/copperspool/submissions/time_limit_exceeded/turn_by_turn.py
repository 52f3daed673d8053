from math import pi

for _ in range(int(input())):
    r, t, k = input().split()
    r, t, k = float(r), float(t), int(k)
    length = 0.0
    for turn in range(k):
        length += 2 * pi * (r + turn * t)
    print(length / 1000)
