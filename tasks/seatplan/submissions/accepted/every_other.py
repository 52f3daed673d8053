from collections import Counter

n = int(input())
teams = list(map(int, input().split()))
sizes = Counter(teams)
if max(sizes.values()) > (n + 1) // 2:
    print("impossible")
else:
    order = sorted(range(1, n + 1), key=lambda i: (-sizes[teams[i - 1]], teams[i - 1]))
    plan = [0] * n
    half = (n + 1) // 2
    plan[0::2], plan[1::2] = order[:half], order[half:]
    print(*plan)
