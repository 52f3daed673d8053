"""Images of earlier recipes go when a newer one is ready and nothing uses them any more.

Kept are: what the present recipes name, with all layers; what a period was judged on and may be
judged on again; what was made in the last day, because another checkout or release on this machine
may be using it; and whatever Docker itself says is in use.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import Final

from sandbox.docker_images import Image, labelled, remove_image
from sandbox.images.build import names, ready, steps_of
from sandbox.images.making import LABEL

SPARED: Final = 24 * 3600  # seconds


def prune(in_use: Collection[str], spared: int = SPARED) -> list[str]:
    """Removes what is old; `in_use` are ids. Gives the names of what went."""
    current = {step.tag for name in names() for step in steps_of(name)}
    replaced = {_family(step.tag) for name in names() if ready(name) for step in steps_of(name)}
    found = labelled(LABEL)
    return [
        name
        for image in old(found, current, replaced, in_use, time.time() - spared)
        for name in image.tags or (image.id,)
        if remove_image(name)
    ]


def old(
    images: Iterable[Image],
    current: Collection[str],
    replaced: Collection[str],
    in_use: Collection[str],
    before: float,
) -> list[Image]:
    """Those that may go, the newest first, so that no layer goes before what stands on it.
    `replaced` are the names, without hashes, of which a newer image is ready."""
    return [
        image
        for image in sorted(images, key=lambda each: each.created, reverse=True)
        if image.id not in in_use
        and image.created < before
        and not set(image.tags) & set(current)
        and all(_family(tag) in replaced for tag in _names(image))
    ]


def _names(image: Image) -> tuple[str, ...]:
    """An image whose name went to a newer one still knows it by its label."""
    return image.tags or tuple(filter(None, (image.labels.get(LABEL),)))


def _family(tag: str) -> str:
    return tag.partition(":")[0]
