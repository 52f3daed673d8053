# Takes an order out of an oven that holds none.
import heapq

n = int(input())
baked = []
spent = 0
for _ in range(n):
    minutes, latest = map(int, input().split())
    if spent + minutes > latest:
        spent += heapq.heappop(baked)
    heapq.heappush(baked, -minutes)
    spent += minutes
print(len(baked))
