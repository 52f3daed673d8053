"""Addresses as people type and scan them, whole, for QR codes."""

from flask import current_app, request


def public(path: str) -> str:
    """A path of ours with the site's public name in front."""
    base = current_app.config["PODIUM_PUBLIC_URL"] or request.host_url
    return str(base).rstrip("/") + path
