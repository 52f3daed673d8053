# Takes every number for a whole one.
for _ in range(int(input())):
    r, t, k = map(int, input().split())
    print(2 * 3.141592653589793 * (k * r + t * k * (k - 1) / 2) / 1000)
