"""Placeholder until its helper writes it."""

from flask import Blueprint

blueprint = Blueprint("delegation", __name__, url_prefix="/delegation")
