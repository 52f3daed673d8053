"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("screen", __name__, url_prefix="/screen" or None)
