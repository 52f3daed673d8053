n, d = map(int, input().split())
values = list(map(int, input().split()))
best = left = 0
for right in range(n + 1):
    while values[right] - values[left] > d:
        left += 1
    best = max(best, right - left + 1)
print(best)
