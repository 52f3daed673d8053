"""The second factor: apps as RFC 6238 says, codes taken once, what is kept of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select

from competition import founding, ledger, second_factor, sign_ins
from competition.database import db, writing
from competition.models import Account, LedgerRow, RecoveryCode, SecondFactor, SignIn
from competition.moment import now
from competition.rules.refusal import Refusal
from tests.competition.test_founding import GIVEN

AT = datetime(2027, 5, 10, 9, 0, 15, tzinfo=UTC)


class App:
    """An authenticator app, which knows nothing but the secret that was typed into it."""

    def __init__(self, seed: str) -> None:
        self.totp = TOTP(key=second_factor.typed(seed).replace(" ", ""))

    def code(self, at: datetime) -> str:
        return str(self.totp.generate(at).token)


class Hand:
    """Whoever holds the organiser's account, in one browser, at a time that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = AT
        self.account = db.session.scalars(select(Account.id)).one()
        monkeypatch.setattr(second_factor, "now", lambda: self.at)
        self.sign_in = self.opened()

    def opened(self) -> int:
        key = sign_ins.open_(self.account, how="password", device="", token="t", proved=False)
        row = sign_ins.find(key, now())
        assert row is not None
        return row.id

    def enrol(self) -> tuple[App, list[str]]:
        seed = second_factor.new_seed()
        app = App(seed)
        code = app.code(self.at)
        codes = second_factor.enrol(self.account, seed, code, sign_in_id=self.sign_in)
        return app, codes

    def prove(self, code: str) -> bool:
        try:
            second_factor.prove(self.account, code)
        except Refusal as refusal:
            assert "验证码不对" in refusal.zh
            return False
        return True


@pytest.fixture
def hand(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    founding.found(founding.read(GIVEN))
    yield Hand(monkeypatch)


def test_the_apps_code_is_taken_once(hand: Hand) -> None:
    app, _codes = hand.enrol()
    assert not hand.prove(app.code(hand.at)), "the code that set it up is used up"
    hand.at += timedelta(seconds=30)
    assert hand.prove(app.code(hand.at))
    assert not hand.prove(app.code(hand.at))
    assert not hand.prove(app.code(hand.at - timedelta(seconds=30))), "nor one before it"
    hand.at += timedelta(seconds=30)
    assert hand.prove(app.code(hand.at))


@pytest.mark.parametrize("early, right", [(-90, False), (-30, True), (30, True), (90, False)])
def test_a_clock_may_be_half_a_minute_off(hand: Hand, early: int, right: bool) -> None:
    app, _codes = hand.enrol()
    hand.at += timedelta(minutes=10)
    assert hand.prove(app.code(hand.at + timedelta(seconds=early))) is right


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "abcdef", "１２３４５６", "9" * 400, "\x00"]
)
def test_a_wrong_code_is_refused(hand: Hand, code: str) -> None:
    hand.enrol()
    assert not hand.prove(code)


def test_a_recovery_code_is_taken_once_however_it_is_typed(hand: Hand) -> None:
    _app, codes = hand.enrol()
    assert len(set(codes)) == second_factor.CODES
    assert hand.prove(codes[0])
    assert not hand.prove(codes[0])
    assert hand.prove(f" {codes[1].lower().replace('-', ' ')} ")
    assert second_factor.codes_left(db.session(), hand.account) == second_factor.CODES - 2
    acts = list(db.session.scalars(select(LedgerRow.act).where(LedgerRow.skill_id.is_(None))))
    assert acts.count("second_factor.recovery") == 2


def test_new_codes_put_the_old_ones_out_of_use(hand: Hand) -> None:
    _app, codes = hand.enrol()
    renewed = second_factor.renew_codes(hand.account)
    assert not hand.prove(codes[0])
    assert hand.prove(renewed[0])


def test_a_wrong_code_sets_nothing_up(hand: Hand) -> None:
    for seed in (second_factor.new_seed(), "", "not a seed"):
        with pytest.raises(Refusal, match="nothing was set up"):
            second_factor.enrol(hand.account, seed, "000000", sign_in_id=hand.sign_in)
    assert not second_factor.of(hand.account)


def test_setting_up_proves_this_sign_in_and_ends_the_others(hand: Hand) -> None:
    other = hand.opened()
    hand.enrol()
    db.session.expire_all()
    assert db.session.get_one(SignIn, hand.sign_in).proved_at is not None
    assert db.session.get_one(SignIn, hand.sign_in).ended_at is None
    assert db.session.get_one(SignIn, other).ended_at is not None


def test_another_app_takes_the_place_of_the_first(hand: Hand) -> None:
    first, codes = hand.enrol()
    second, _codes = hand.enrol()
    hand.at += timedelta(minutes=1)
    assert not hand.prove(first.code(hand.at))
    assert not hand.prove(codes[3])
    assert hand.prove(second.code(hand.at))


def test_what_is_kept_gives_nobody_a_code(hand: Hand) -> None:
    _app, codes = hand.enrol()
    factor = db.session.scalars(select(SecondFactor)).one()
    for key in (bytes.fromhex(factor.seed), factor.seed.encode()[:20]):
        hand.at += timedelta(seconds=30)
        assert not hand.prove(TOTP(key=key, format="raw").generate(hand.at).token)
    kept = {row.hash for row in db.session.scalars(select(RecoveryCode))}
    assert not kept & {code.replace("-", "") for code in codes}
    assert all(len(one) == 64 for one in kept)
    bodies = [str(row.body) + row.subject for row in db.session.scalars(select(LedgerRow))]
    assert not any(factor.seed in body or codes[0] in body for body in bodies)


def test_the_key_is_the_servers(hand: Hand, context: Flask) -> None:
    seed = second_factor.new_seed()
    before = second_factor.secret(seed)
    context.config["PODIUM_PASSWORD_SALT"] = "another-salt-of-another-server"
    assert second_factor.secret(seed) != before


def test_a_lost_factor_is_taken_away_and_every_sign_in_ends(hand: Hand) -> None:
    app, codes = hand.enrol()
    assert second_factor.forget(hand.account, actor_id=None)
    assert not second_factor.forget(hand.account, actor_id=None)
    hand.at += timedelta(minutes=1)
    assert not hand.prove(app.code(hand.at))
    assert not hand.prove(codes[0])
    db.session.expire_all()
    assert sign_ins.of_account(db.session(), hand.account, now()) == []
    assert ledger.walk(db.session(), None).ok


def test_one_accounts_code_is_not_anothers(hand: Hand) -> None:
    _app, codes = hand.enrol()
    with writing() as session:
        other = Account(username="other", label="o", fs_uniquifier="other")
        session.add(other)
        session.flush()
        session.add(
            SecondFactor(account_id=other.id, seed=second_factor.new_seed(), last_counter=0, at=AT)
        )
        other_id = other.id
    with pytest.raises(Refusal):
        second_factor.prove(other_id, codes[0])
    assert hand.prove(codes[0])


def test_the_qr_code_says_who_and_where(hand: Hand) -> None:
    account = db.session.get_one(Account, hand.account)
    seed = second_factor.new_seed()
    address = second_factor.address(seed, account, "黑龙江省技能大赛")
    assert address.startswith("otpauth://totp/")
    assert second_factor.typed(seed).replace(" ", "") in address
    assert "office" in address
