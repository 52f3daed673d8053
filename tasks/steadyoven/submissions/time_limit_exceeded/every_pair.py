n, d = map(int, input().split())
values = list(map(int, input().split()))
best = 0
for left in range(n):
    high = low = values[left]
    for right in range(left, n):
        high = max(high, values[right])
        low = min(low, values[right])
        if high - low <= d:
            best = max(best, right - left + 1)
print(best)
