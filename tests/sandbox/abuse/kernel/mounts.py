"""Mounts, old and new ways."""

from attempt import call, held, refused, refused_calls

for kind in (b"tmpfs", b"proc", b"sysfs", b"overlay", b"cgroup", b"ext4", b"fuse", b"devtmpfs"):
    refused(f"mount {kind}", call, "mount", b"none", b"/work", kind, 0, 0)
refused("remount", call, "mount", b"none", b"/", b"", 0x20, 0)
refused("bind", call, "mount", b"/proc", b"/work", b"", 0x1000, 0)
refused("read-only no more", call, "mount", b"none", b"/proc/sys", b"", 0x1020, 0)
for place in (b"/work", b"/proc", b"/sys", b"/proc/kcore", b"/etc/hosts"):
    refused(f"umount {place}", call, "umount2", place, 2)
refused_calls(
    fsopen=(b"tmpfs", 0),
    fsconfig=(-1, 0, 0, 0, 0),
    fsmount=(-1, 0, 0),
    fspick=(-100, b"/work", 0),
    open_tree=(-100, b"/work", 1),
    move_mount=(-1, b"", -1, b"", 0),
    mount_setattr=(-100, b"/", 0, 0, 0),
    name_to_handle_at=(-100, b"/", 0, 0, 0),
    open_by_handle_at=(-1, 0, 0),
    quotactl=(0, 0, 0, 0),
    swapon=(b"/work/x", 0),
    swapoff=(b"/work/x",),
)
held()
