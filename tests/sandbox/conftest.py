"""What the sandbox's tests share: the image, small packages, sites written on the spot."""

import zipfile
from pathlib import Path

import pytest

from sandbox.docker_box import LABEL, client
from sandbox.docker_program import DockerProgramBox
from sandbox.images.build import build, build_images
from sandbox.task import Task, load

PACKAGES = Path(__file__).parent / "packages"


@pytest.fixture(scope="session")
def image() -> str:
    """The image, built when it is not there yet (a minute, once)."""
    return build_images(lambda _: None)


@pytest.fixture(scope="session")
def program_image() -> str:
    """The image for Python programs; seconds once its base is there."""
    return build(lambda _: None, ["python3"])["python3"]


@pytest.fixture(scope="module")
def program_box(program_image):
    """One box for the tests of a module that leave it as they found it."""
    made = DockerProgramBox(program_image)
    yield made
    made.close()


@pytest.fixture(scope="session")
def tiny() -> Task:
    return load(PACKAGES / "tiny")


@pytest.fixture(scope="session")
def hostile() -> Task:
    return load(PACKAGES / "hostile")


@pytest.fixture
def site(tmp_path):
    """Writes a site of name → text and gives its folder."""

    def write(**files: str) -> Path:
        folder = tmp_path / "site"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name.replace("_", ".")).write_text(text, "utf-8")
        return folder

    return write


@pytest.fixture
def pack(tmp_path):
    """Writes a zip of name → bytes (or ZipInfo → bytes) and gives its path."""

    def write(files, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / "upload.zip"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, data in files.items() if isinstance(files, dict) else files:
                archive.writestr(name, data)
        return path

    return write


def containers() -> set[str]:
    """The ids of every sandbox container there is, of whoever."""
    connection = client()
    try:
        found = connection.api.containers(all=True, filters={"label": LABEL})
        return {each["Id"] for each in found}
    finally:
        connection.close()
