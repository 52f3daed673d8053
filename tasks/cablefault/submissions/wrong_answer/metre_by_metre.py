# Opens the whole wall.
n = int(input())
metre = 1
while metre < n:
    print("?", metre, flush=True)
    if input() == "dead":
        break
    metre += 1
print("!", metre, flush=True)
