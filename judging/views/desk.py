"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/desk" or None)
