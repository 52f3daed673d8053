# The least time for every number of orders: enough for groups 1 and 2, too slow for group 3.
n = int(input())
orders = sorted((tuple(map(int, input().split())) for _ in range(n)), key=lambda order: order[1])
least = [0]
for minutes, latest in orders:
    if least[-1] + minutes <= latest:
        least.append(least[-1] + minutes)
    for count in range(len(least) - 1, 0, -1):
        if least[count - 1] + minutes <= latest:
            least[count] = min(least[count], least[count - 1] + minutes)
print(len(least) - 1)
