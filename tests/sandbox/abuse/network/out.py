"""Names, the host's own address, the outside: with the means that any program has."""

import asyncio
import socket
import subprocess
import urllib.error
import urllib.request

from attempt import held, refused, through

for name in ("localhost", "example.com", "host.docker.internal"):
    refused(f"resolve {name}", socket.getaddrinfo, name, 80, also={-2, -3, -5, -8, -9})
    try:
        urllib.request.urlopen(f"http://{name}/", timeout=1)
        through(name)
    except urllib.error.URLError:
        pass
for address in ("127.0.0.1", "172.17.0.1", "169.254.169.254", "10.0.0.1", "192.0.2.1"):
    for port in (22, 53, 80, 2375, 5432, 8000):
        refused(f"{address}:{port}", socket.create_connection, (address, port), 0.2)
    words = ["bash", "-c", f"exec 3<>/dev/tcp/{address}/80"]
    if subprocess.run(words, check=False, capture_output=True).returncode == 0:
        through(f"/dev/tcp/{address}")


async def listen():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    if server.sockets:
        through("a server")


try:
    asyncio.run(listen())
except OSError:
    pass
held()
