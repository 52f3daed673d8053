# Takes the word for a number.
n = int(input())
print("?", (n + 1) // 2, flush=True)
print("!", int(input()), flush=True)
