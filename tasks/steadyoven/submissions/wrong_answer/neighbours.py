# Compares neighbours only.
n, d = map(int, input().split())
values = list(map(int, input().split()))
best = length = 1
for before, after in zip(values, values[1:]):
    length = length + 1 if abs(before - after) <= d else 1
    best = max(best, length)
print(best)
