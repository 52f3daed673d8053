"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence" or None)
