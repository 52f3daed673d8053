"""Images as Docker keeps them: what is here, what is in them, what an old one leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, ImageNotFound

from sandbox.box import BoxFailed
from sandbox.docker_box import DOCKER_FAULTS, LABEL, OWNER, client, made_by


@dataclass(frozen=True)
class Image:
    """One image; `created` in seconds since 1970."""

    id: str
    tags: tuple[str, ...]
    created: int
    labels: Mapping[str, str]


def labelled(label: str) -> list[Image]:
    """Every image that carries the label, the newest first."""
    with _talking("Docker does not list its images") as connection:
        found = connection.api.images(filters={"label": label})
    images = [
        Image(
            id=each["Id"],
            tags=tuple(tag for tag in each["RepoTags"] or () if tag != "<none>:<none>"),
            created=int(each["Created"]),
            labels=dict(each["Labels"] or {}),
        )
        for each in found
    ]
    return sorted(images, key=lambda image: image.created, reverse=True)


def labels_of(image: str) -> Mapping[str, str] | None:
    """What is written on an image; None when it is not here."""
    with _talking("Docker does not describe the image") as connection:
        try:
            return dict(connection.images.get(image).labels)
        except ImageNotFound:
            return None


def remove_image(name: str) -> bool:
    """Away with a name, and with the image when it was its last; not while something uses it."""
    with _talking("Docker does not remove the image") as connection:
        try:
            connection.api.remove_image(name)
        except (ImageNotFound, APIError):
            return False
    return True


def export_image(image: str, tarball: Path) -> None:
    """The whole file system of an image as a tar."""
    with (
        _talking("Docker does not give the image out") as connection,
        _container(connection, image, ["/bin/true"]) as made,
        tarball.open("wb") as file,
    ):
        file.writelines(connection.api.export(made))


def says(image: str, argv: Sequence[str]) -> str:
    """What a program of an image prints, without a network; our own programs only."""
    with (
        _talking(f"{argv[0]} cannot be run in the image") as connection,
        _container(connection, image, argv) as made,
    ):
        connection.api.start(made)
        code = connection.api.wait(made, timeout=60)["StatusCode"]
        said = connection.api.logs(made).decode("utf-8", "replace")
    if code != 0:
        raise BoxFailed(f"{' '.join(argv)} failed in the image: {said.strip()[-500:]}")
    return said


def about_docker() -> dict[str, Any]:
    """What the daemon says of itself and its host; NoDocker when it does not answer."""
    connection = client()
    try:
        return dict(connection.info())
    finally:
        connection.close()


@contextmanager
def _talking(failure: str) -> Iterator[docker.DockerClient]:
    connection = client()
    try:
        yield connection
    except DOCKER_FAULTS as error:
        raise BoxFailed(f"{failure}: {error}") from error
    finally:
        connection.close()


@contextmanager
def _container(connection: docker.DockerClient, image: str, argv: Sequence[str]) -> Iterator[str]:
    host_config = connection.api.create_host_config(network_mode="none", cap_drop=["ALL"])
    made: str = connection.api.create_container(
        image,
        list(argv),
        entrypoint=[],
        user="65534:65534",
        labels={LABEL: "1", OWNER: made_by(os.getpid())},  # so that a sweep finds it if we die
        host_config=host_config,
    )["Id"]
    try:
        yield made
    finally:
        connection.api.remove_container(made, force=True, v=True)
