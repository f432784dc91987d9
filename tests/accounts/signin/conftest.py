import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from accounts.mail.models import AccountMessage
from accounts.members.models import User

PASSWORD = "correct horse battery"
LOGIN, TODAY = "/accounts/login/", "/app/acme/today"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; here it would be slow for nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_limit_is_left_over(db):
    """Rate limits live in the cache, which no rollback empties."""
    cache.clear()


@pytest.fixture
def ana(ana):
    """The owner of Acme with a proven address."""
    EmailAddress.objects.create(user=ana.user, email=ana.user.email, primary=True, verified=True)
    return ana


def a_browser(user_agent="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", address="203.0.113.7"):
    return Client(headers={"user-agent": user_agent}, REMOTE_ADDR=address)


def sign_in(client, password=PASSWORD, email="ana@acme.example"):
    """The whole way by password; gives the page one lands on."""
    return client.post(LOGIN, {"login": email, "password": password}, follow=True)


def ways(answer):
    return [address for address, _status in answer.redirect_chain]


def code_of(secret):
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()) + 1))


def give_app(user):
    """An authenticator app and recovery codes, as `user` had them before the test; gives the key and the codes."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).generate_codes()


def mailed(to, pattern):
    message = AccountMessage.objects.filter(to_email=to).latest("created_at")
    return re.search(pattern, message.body_text)[0]


def user_of(member):
    return User.objects.get(pk=member.user_id)
