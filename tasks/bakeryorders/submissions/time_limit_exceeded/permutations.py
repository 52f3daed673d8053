from itertools import permutations

n = int(input())
orders = [tuple(map(int, input().split())) for _ in range(n)]
best = 0
for plan in permutations(orders):
    spent = count = 0
    for minutes, latest in plan:
        if spent + minutes <= latest:
            spent += minutes
            count += 1
    best = max(best, count)
print(best)
