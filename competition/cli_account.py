"""`podium account`: for whoever has the server when nobody can sign in any more."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from competition import people, second_factor
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.models import Account
from competition.rules.refusal import Refusal


@click.group("account")
def account_group() -> None:
    """账号 Accounts."""


@account_group.command("new-password")
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def new_password(username: str, as_json: bool) -> None:
    """换新密码 Give an account a new password, print it once and end its sign-ins."""
    with reporting(as_json):
        require_migrated()
        password = people.renew_password(_find(username).id, actor_id=None)
    if as_json:
        print_json({"ok": True, "username": username, "password": password})
    else:
        click.echo(f"{username} 的新密码 the new password: {password}")


@account_group.command("forget-factor")
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def forget_factor(username: str, as_json: bool) -> None:
    """解除二次验证 Take a lost second factor away; a new one is set up at the next sign-in."""
    with reporting(as_json):
        require_migrated()
        gone = second_factor.forget(_find(username).id, actor_id=None)
    if as_json:
        print_json({"ok": True, "username": username, "had_one": gone})
    elif gone:
        click.echo(f"已解除 {username} 的二次验证。 The second factor of {username} is gone.")
    else:
        click.echo(
            f"{username} 没有二次验证，什么都没有改变。 There was none; nothing was changed."
        )


def _find(username: str) -> Account:
    wanted = username.strip().lower()
    account = db.session.scalar(select(Account).where(Account.username == wanted))
    if account is None:
        raise Refusal(
            f"没有账号 {wanted}，什么都没有改变。请检查账号名。",
            f"There is no account {wanted}; nothing was changed. Check the sign-in name.",
        )
    return account
