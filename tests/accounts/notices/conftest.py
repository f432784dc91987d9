"""Ana owns Acme, Ben is on her team."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.notices import actions as notices
from accounts.notices.actions import News
from accounts.notices.models import Kind
from tests.factories import accounts as make
from tests.factories.accounts import NOW

# A Tuesday evening in Berlin, long after work.
EVENING = datetime(2026, 11, 17, 21, 0, tzinfo=UTC)


@pytest.fixture
def ben(in_acme):
    return make.MemberFactory(workspace=in_acme, name="Ben Acme", role="manager", user__email="ben@acme.example")


@pytest.fixture
def tell(in_acme):
    """`tell(member, kind, key=..., now=...)` gives the new notices."""

    def tell(*members, kind=Kind.REFERRAL_NEW, key="referral:1:arrived", now=NOW, **fields):
        told = {"title": "Jamie introduces Kim", "text": "Role: Head of Ops", "path": "/app/acme/referrals/"}
        news = News(kind, key, **{**told, **fields})
        return notices.tell(workspace=in_acme, members=members, news=news, now=now)

    return tell


@pytest.fixture
def choose(in_acme, by_ana):
    """`choose(member, {"referral_new": ["slack"]}, quiet=False)` on top of the defaults."""

    def choose(member, chosen, *, quiet=True):
        from accounts.notices.kinds import KINDS, channels

        whole = {kind: channels(kind, role=member.role, chosen=chosen) for kind in KINDS}
        return notices.choose(workspace=in_acme, member=member, chosen=whole, quiet=quiet, by=by_ana, now=NOW)

    return choose


@pytest.fixture
def later():
    return lambda **span: NOW + timedelta(**span)
