from collections import deque

n, d = map(int, input().split())
values = list(map(int, input().split()))
high, low = deque(), deque()
best = left = 0
for right, value in enumerate(values):
    while high and values[high[-1]] <= value:
        high.pop()
    while low and values[low[-1]] >= value:
        low.pop()
    high.append(right)
    low.append(right)
    while values[high[0]] - values[low[0]] > d:
        left += 1
        if high[0] < left:
            high.popleft()
        if low[0] < left:
            low.popleft()
    best = max(best, right - left + 1)
print(best)
