"""A browser that is signed in already, without going through the sign-in page."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition import sign_ins
from competition.database import db
from competition.models import Account


def entered(app: Flask, username: str, *, proved: bool = True) -> FlaskClient:
    """A client of the account; `proved`: its sign-in has shown a second factor."""
    client = app.test_client()
    with app.app_context():
        account = db.session.scalar(select(Account).where(Account.username == username))
        assert account is not None, username
        key = sign_ins.open_(account.id, how="password", device="", token="t", proved=proved)
        uniquifier = account.fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["sign_in"] = uniquifier, True, key
    return client
