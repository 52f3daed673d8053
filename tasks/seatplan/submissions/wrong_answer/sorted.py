# Puts the second half between the first, without looking at who is in the middle.
n = int(input())
teams = list(map(int, input().split()))
order = sorted(range(1, n + 1), key=lambda i: teams[i - 1])
plan = [0] * n
half = (n + 1) // 2
plan[0::2], plan[1::2] = order[:half], order[half:]
alike = any(teams[a - 1] == teams[b - 1] for a, b in zip(plan, plan[1:]))
print("impossible" if alike else " ".join(map(str, plan)))
