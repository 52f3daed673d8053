# Tries every order of baking, and every number of orders of it.
from itertools import permutations

n = int(input())
orders = [tuple(map(int, input().split())) for _ in range(n)]
best = 0
for plan in permutations(orders):
    for number in range(n, 0, -1):
        spent = count = 0
        for minutes, latest in plan[:number]:
            if spent + minutes <= latest:
                spent += minutes
                count += 1
        best = max(best, count)
print(best)
