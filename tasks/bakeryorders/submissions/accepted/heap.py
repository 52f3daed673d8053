import heapq
import sys

numbers = list(map(int, sys.stdin.read().split()))
orders = sorted(zip(numbers[1::2], numbers[2::2]), key=lambda order: order[1])
baked, spent = [], 0
for minutes, latest in orders:
    heapq.heappush(baked, -minutes)
    spent += minutes
    if spent > latest:
        spent += heapq.heappop(baked)
print(len(baked))
