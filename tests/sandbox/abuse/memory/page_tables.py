"""Touches one page in every two megabytes of a vast map: what grows is the kernel's own tables."""

import mmap

vast = mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
if hasattr(mmap, "MADV_NOHUGEPAGE"):
    vast.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, len(vast), 2 << 20):
    vast[at] = 1
