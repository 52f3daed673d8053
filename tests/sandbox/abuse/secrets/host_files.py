"""Files of the host's, of Docker's and of the site's, where they usually lie."""

from attempt import closed, held

for path in (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/lib/docker/containers",
    "/etc/shadow",
    "/etc/gshadow",
    "/root/.ssh/id_rsa",
    "/root/.bash_history",
    "/home/podium",
    "/work/main",
    "/work/shared",
    "/etc/docker/daemon.json",
    "/proc/kcore",
    "/proc/kmsg",
    "/proc/vmallocinfo",
    "/proc/slabinfo",
    "/sys/kernel/debug/kprobes/list",
    "/sys/kernel/debug/tracing/trace",
    "/sys/firmware/dmi/tables/DMI",
    "/boot/vmlinuz",
    "/dev/mem",
    "/dev/kmem",
    "/dev/port",
    "/dev/sda",
    "/dev/vda",
    "/dev/nvme0n1",
    "/dev/disk",
):
    closed(path)
held()
