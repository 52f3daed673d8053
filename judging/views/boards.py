"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("boards", __name__, url_prefix="" or None)
