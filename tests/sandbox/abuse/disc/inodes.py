"""Empty files without end: each one costs the kernel memory and the folder nothing."""

made = 0
try:
    for made in range(1_000_000):
        open(f"f{made}", "x").close()
except OSError:
    pass
if made > 4096:
    print("GOT THROUGH:", made, "files")
print("held", made)
