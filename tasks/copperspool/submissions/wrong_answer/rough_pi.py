# Pi is not 3.14.
for _ in range(int(input())):
    r, t, k = input().split()
    r, t, k = float(r), float(t), int(k)
    print(2 * 3.14 * (k * r + t * k * (k - 1) / 2) / 1000)
