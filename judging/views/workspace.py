"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("workspace", __name__, url_prefix="/work" or None)
