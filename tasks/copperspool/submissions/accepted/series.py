from math import pi

for _ in range(int(input())):
    r, t, k = input().split()
    r, t, k = float(r), float(t), int(k)
    print(f"{2 * pi * (k * r + t * k * (k - 1) / 2) / 1000:.9f}")
