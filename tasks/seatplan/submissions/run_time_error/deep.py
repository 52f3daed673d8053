# One call within the other for every place.
n = int(input())
teams = list(map(int, input().split()))


def seat(plan, left):
    if not left:
        return plan
    for who in left:
        if not plan or teams[plan[-1] - 1] != teams[who - 1]:
            found = seat([*plan, who], [other for other in left if other != who])
            if found:
                return found
    return None


print(*seat([], list(range(1, n + 1))) or ["impossible"])
