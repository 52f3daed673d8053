"""What a developer and CI run: lint, tests, the wheel, the measurements."""

from __future__ import annotations

from setup import debian, docker_engine, front_end, postgres, python_packages
from setup.places import BIN, FRONTEND, ROOT, environment
from setup.report import Failed, aloud, quietly, step

STRICT = ("competition", "judging", "sandbox", "setup")
BROWSER = ["chromium", "fonts-noto-cjk", "poppler-utils"]  # the last reads PDFs in tests


def lint(arguments: list[str]) -> int:
    """Every check is run, so that one look shows everything."""
    python_packages.ensure(python_packages.TEST)
    front_end.packages()
    packages = [word for name in STRICT for word in ("-p", name)]
    codes = [
        aloud([BIN / "ruff", "check", "."]),
        aloud([BIN / "ruff", "format", "--check", "."]),
        aloud([BIN / "mypy", *packages]),
        aloud([BIN / "npm", "run", "--silent", "check"], cwd=FRONTEND),
    ]
    return 1 if any(codes) else 0


def quick(arguments: list[str]) -> int:
    """The tests that need neither Docker nor a browser."""
    python_packages.ensure(python_packages.TEST)
    front_end.translations()
    chosen = "not slow and not docker and not chromium"
    return aloud([BIN / "pytest", "-q", "-n", "2", "-m", chosen, *arguments])


def test(arguments: list[str]) -> int:
    """Everything, pytest last, so that its summary closes the output."""
    python_packages.ensure(python_packages.TEST)
    debian.install(BROWSER)
    docker_engine.ensure()
    front_end.build()
    front_end.translations()
    with step("构建沙箱镜像", "building the sandbox images"):
        quietly([BIN / "python", "-m", "sandbox", "build"])
    with postgres.server() as url:
        front = aloud([BIN / "npm", "test", "--silent"], cwd=FRONTEND)
        env = environment(**{postgres.VARIABLE: url})
        # One group a resource (tests/conftest.py): what needs Docker runs one after the other.
        back = aloud([BIN / "pytest", "-n", "2", "--dist", "loadgroup", *arguments], env=env)
    return back or (1 if front else 0)


def build(arguments: list[str]) -> int:
    """What is made from sources and not committed."""
    python_packages.ensure(python_packages.RUN)
    front_end.build()
    front_end.translations()
    return 0


def wheel(arguments: list[str]) -> int:
    """An installable wheel with the built front end and the compiled translations inside."""
    build([])
    return aloud([python_packages.uv(), "build", "--wheel"])


def bench(arguments: list[str]) -> int:
    """Every measurement, or those whose names are given: make bench ARGS=mark_to_board."""
    python_packages.ensure(python_packages.TEST)
    front_end.build()
    front_end.translations()
    found = {path.stem: path for path in sorted((ROOT / "bench").glob("*.py"))}
    unknown = [name for name in arguments if name not in found]
    if unknown:
        known = " ".join(found)
        raise Failed(f"没有这些测量：{unknown}；有：{known}", f"Not in bench/: {unknown}")
    chosen = arguments or [name for name in found if not name.startswith("_")]
    codes = [aloud([BIN / "python", found[name]]) for name in chosen]
    return 1 if any(codes) else 0
