"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("signin", __name__, url_prefix="/sign-in")
