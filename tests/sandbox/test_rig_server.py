"""The rig's server: plain files of the hand-in only, nothing outside it, no listing."""

import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

RIG = Path(__file__).parents[2] / "sandbox" / "rig"
NODE = Path(sys.executable).parent / "node"
SCRIPT = """
import { serve } from './server.mjs';
const { origin } = await serve(process.argv[1]);
console.log(origin);
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rig")
    (folder / "secret.txt").write_text("secret")
    site = folder / "site"
    (site / "js").mkdir(parents=True)
    (site / "index.html").write_text("<title>here</title>")
    (site / "js" / "main.mjs").write_text("0123456789")
    (site / "图.svg").write_text("<svg/>")
    (site / "link.txt").symlink_to(folder / "secret.txt")
    command = [NODE, "--input-type=module", "-e", SCRIPT, site]
    # The virtual environment's `node` is a small program that starts the real one: end both.
    with subprocess.Popen(
        command, cwd=RIG, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        yield int(re.search(r":(\d+)", server.stdout.readline())[1])
        os.killpg(server.pid, signal.SIGTERM)


def get(port, path, headers=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", path, skip_host=False)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    return response.status, response.headers["content-type"], response.read().decode()


def test_the_index_is_served_for_the_root(port):
    assert get(port, "/") == (200, "text/html; charset=utf-8", "<title>here</title>")


def test_content_types_and_names_that_are_not_ascii(port):
    assert get(port, "/js/main.mjs?v=1")[:2] == (200, "text/javascript; charset=utf-8")
    assert get(port, "/%E5%9B%BE.svg")[:2] == (200, "image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        "/js/", "/js", "/missing.css", "/../secret.txt", "/%2e%2e/secret.txt",
        "/js/%2e%2e%2f%2e%2e%2fsecret.txt", "/..%5csecret.txt", "/link.txt", "/%", "/a%00b",
    ],
)  # fmt: skip
def test_nothing_else_is(port, path):
    status, kind, body = get(port, path)
    assert (status, kind) == (404, "text/html; charset=utf-8")
    assert "secret" not in body


def test_a_part_of_a_file_as_players_of_sound_ask_for_it(port):
    assert get(port, "/js/main.mjs", {"Range": "bytes=2-4"})[::2] == (206, "234")
    assert get(port, "/js/main.mjs", {"Range": "bytes=-3"})[::2] == (206, "789")
    assert get(port, "/js/main.mjs", {"Range": "bytes=99-"})[::2] == (200, "0123456789")


def test_an_icon_that_nobody_handed_in_is_no_error(port):
    assert get(port, "/favicon.ico")[0] == 204
