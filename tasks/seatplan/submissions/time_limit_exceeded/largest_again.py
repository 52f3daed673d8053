# Looks for the largest delegation again for every place.
n = int(input())
teams = list(map(int, input().split()))
members = {}
for i, team in enumerate(teams, 1):
    members.setdefault(team, []).append(i)
plan, before = [], 0
while len(plan) < n:
    left = [team for team in members if team != before and members[team]]
    if not left:
        break
    before = max(left, key=lambda team: len(members[team]))
    plan.append(members[before].pop())
print(*plan if len(plan) == n else ["impossible"])
