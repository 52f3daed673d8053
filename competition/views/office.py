"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("office", __name__, url_prefix="/office")
