"""A program box with Docker: no run finds what another left, and nothing outlives the box."""

import time

import pytest

from sandbox.box import BoxFailed
from sandbox.docker_program import DockerProgramBox
from sandbox.programs import ProgramWalls
from sandbox.verdict import Verdict
from tests.sandbox.conftest import containers
from tests.sandbox.program_runs import SHORT, python, said

pytestmark = pytest.mark.docker


# --- the work folder ------------------------------------------------------------------------------


def test_what_was_put_cannot_be_changed_and_what_a_run_made_is_gone(program_box):
    program_box.wipe()
    program_box.put({"data/in.txt": b"given", "tool.py": b"print('tool')"})
    attack = """
import os
for action in (lambda: open('data/in.txt', 'w'), lambda: os.unlink('data/in.txt'),
               lambda: os.rename('tool.py', 'x'), lambda: os.rename('data', 'x'),
               lambda: os.chmod('tool.py', 0o777), lambda: os.link('tool.py', 'again'),
               lambda: os.rmdir('data')):
    try:
        action()
        print('done')
    except OSError:
        pass
open('mine', 'w').write('1'); open('data/mine', 'w').write('2'); os.symlink('/etc', 'link')
os.makedirs('a/b/c'); os.mkdir('locked'); open('locked/x', 'w'); os.chmod('locked', 0)
"""
    assert said(program_box, attack) == ""
    assert program_box.products(1000) == {"mine": b"1", "data/mine": b"2"}
    assert program_box.get("data/mine", 10) == b"2"
    assert program_box.get("data/mine", 0) is None
    assert said(program_box, "import os; print(sorted(os.listdir()), os.listdir('data'))") == (
        "['data', 'tool.py'] ['in.txt']"
    )
    assert program_box.get("data/in.txt", 10) == b"given"


@pytest.mark.parametrize(
    "path", ["link", "link/passwd", "folder", "../etc/passwd", "/etc/passwd", ""]
)
def test_nothing_but_a_regular_file_is_fetched(program_box, path):
    said(program_box, "import os; os.symlink('/etc', 'link'); os.mkdir('folder')")
    assert program_box.get(path, 10_000) is None
    assert program_box.products(10_000) == {}


def test_products_above_the_limit_are_none(program_box):
    said(program_box, "open('a', 'w').write('x' * 600); open('b', 'w').write('x' * 600)")
    assert program_box.products(1000) is None
    assert len(program_box.products(1200)) == 2


def test_a_folder_deeper_than_any_path_and_a_flood_of_files_are_removed(program_box):
    deep = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')"
    assert python(program_box, deep).verdict is None
    flood = "n = 0\ntry:\n  while True: open(f'f{n}', 'w'); n += 1\nexcept OSError: print(n)"
    assert 3000 < int(said(program_box, flood)) < 4096
    assert program_box.wipe()
    assert said(program_box, "import os; print(os.listdir('.'))") == "[]"


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", ".", "a/", "b\0c"])
def test_a_name_outside_the_work_folder_is_refused(program_image, name):
    box = DockerProgramBox(program_image)
    try:
        if name == "a/":
            box.put({name: b"x"})
            assert box.get("a", 10) == b"x"
        else:
            with pytest.raises(BoxFailed):
                box.put({name: b"x"})
    finally:
        box.close()


def test_a_package_may_have_a_larger_folder(program_image):
    box = DockerProgramBox(program_image, ProgramWalls(disk_mb=8, inodes=100))
    try:
        fill = "f = open('f', 'wb', 0)\nn = 0\ntry:\n  while True: n += f.write(b'x' * 65536)\n"
        assert said(box, fill + "except OSError: print(n >> 20)") == "8"
        assert len(box.get("f", 9 << 20)) == 8 << 20
    finally:
        box.close()


# --- nothing left ---------------------------------------------------------------------------------


def test_daemons_do_not_outlive_the_run(program_box):
    program = """
import os, signal, time
for number in range(3):
    if os.fork() == 0:
        os.setsid()
        for each in range(1, 65):
            try: signal.signal(each, signal.SIG_IGN)
            except (OSError, ValueError): pass
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
print('done')
"""
    began = time.monotonic()
    assert said(program_box, program) == "done"
    assert time.monotonic() - began < 3
    listing = "import os; print(len([p for p in os.listdir('/proc') if p.isdigit()]))"
    assert said(program_box, listing) == "2"  # the agent and itself
    assert program_box.wipe()


def test_a_program_has_no_right_and_cannot_touch_the_agent(program_box):
    program = """
import os, signal
status = dict(line.split(':', 1) for line in open('/proc/self/status') if ':' in line)
print([status[f'Cap{kind}'].strip('\\t\\n0') for kind in ('Inh', 'Prm', 'Eff', 'Amb')],
      status['NoNewPrivs'].strip(), status['Groups'].strip(), os.getuid() > 10**9)
for action in (lambda: os.kill(1, 9), lambda: os.setuid(0), lambda: open('/proc/1/mem', 'rb'),
               lambda: os.listdir('/proc/1/fd'), lambda: open('/etc/x', 'w'),
               lambda: open('/proc/1/environ').read(), lambda: os.listdir('/dev/mqueue'),
               lambda: os.mkfifo('p'), lambda: os.listdir('/podium')):
    try:
        action()
        print('done')
    except OSError:
        pass
"""
    assert said(program_box, program) == "['', '', '', ''] 1  True"


def test_the_agent_hears_no_signal_not_even_while_it_has_the_programs_uid(program_box):
    """It takes that uid for the moment in which it kills: then they may send it what they like."""
    program = """
import os, signal
for _ in range(4): os.fork()
while True:
    for number in (1, 2, 3, 9, 10, 11, 12, 13, 15, 19, 25):
        try: os.kill(1, number)
        except OSError: pass
"""
    for _ in range(5):
        assert python(program_box, program, SHORT).verdict == Verdict.TLE
    assert said(program_box, "print(6 * 7)") == "42"


def test_the_uid_is_nobody_elses(program_image, program_box):
    other = DockerProgramBox(program_image)
    try:
        uid = "import os; print(os.getuid())"
        assert said(other, uid) != said(program_box, uid)
    finally:
        other.close()


def test_closing_leaves_no_container(program_image):
    box = DockerProgramBox(program_image)
    assert box.id in containers()
    box.close()
    box.close()
    deadline = time.monotonic() + 10
    while box.id in containers() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert box.id not in containers()
    with pytest.raises(BoxFailed):
        python(box, "pass")
