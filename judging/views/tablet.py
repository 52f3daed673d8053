"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("tablet", __name__, url_prefix="/tablet" or None)

api = Blueprint("tablet_api", __name__, url_prefix="/tablet/api")
