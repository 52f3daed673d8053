"""Snapshots a second: of a served site, and of nginx with the same bytes as a file."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def of(folder, environ, seconds):
    """Snapshots a second of one served process: whole ones, and “nothing new” to an ETag; and of
    nginx, which serves the same bytes as a file."""
    port = free_port()
    with (Path(folder) / "site.log").open("w") as log:
        site = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"], env=environ(folder, port), cwd=HERE,
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.1)
        # every board once, so that what is folded after a start is not measured
        urllib.request.urlopen(f"http://127.0.0.1:{port}/boards/now.json", timeout=120).read()
        out = {}
        for name, path in (("skill", "/skills/B02/board.json"), ("now", "/boards/now.json")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                tag = answer.headers["ETag"]
                body = answer.read()
            out[f"{name}_200"] = _rate(port, path, "", seconds)
            out[f"{name}_304"] = _rate(port, path, f"If-None-Match: {tag}\r\n", seconds)
            out |= _of_nginx(Path(folder), name, body, seconds)
        return out
    finally:
        site.terminate()
        site.wait(20)


NGINX = """daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
    uwsgi_temp_path t4; scgi_temp_path t5; keepalive_requests 100000000; sendfile on;
    server {{ listen 127.0.0.1:{port}; root files; default_type application/json; }}
}}
"""


def _of_nginx(folder, name, body, seconds):
    """The same of nginx with its usual settings, one process; nothing where there is none."""
    if shutil.which("nginx") is None:
        return {}
    port, own = free_port(), folder / f"nginx-{name}"
    (own / "files").mkdir(parents=True)
    (own / "files" / "board.json").write_bytes(body)
    (own / "nginx.conf").write_text(NGINX.format(port=port))
    server = subprocess.Popen(["nginx", "-p", own, "-c", "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/board.json", timeout=2)
                break
            except OSError:
                time.sleep(0.1)
        tag = f"If-None-Match: {answer.headers['ETag']}\r\n"
        return {
            f"nginx_{name}_200": _rate(port, "/board.json", "", seconds),
            f"nginx_{name}_304": _rate(port, "/board.json", tag, seconds),
        }
    finally:
        server.terminate()
        server.wait(20)


def _rate(port, path, header, seconds):
    """Answers a second on eight connections that always have one question waiting."""
    asked = f"GET {path} HTTP/1.1\r\nHost: bench\r\n{header}\r\n".encode()
    ends = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    streams, done = [one.makefile("rb") for one in ends], 0
    for one in ends:
        one.sendall(asked)
    begin = time.perf_counter()
    while time.perf_counter() < begin + seconds:
        for one, stream in zip(ends, streams, strict=True):
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            stream.read(length)
            one.sendall(asked)
            done += 1
    took = time.perf_counter() - begin
    for one in ends:
        one.close()
    return round(done / took)
