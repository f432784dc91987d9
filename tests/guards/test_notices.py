"""What can be chosen is read: every kind of notice is told by somebody, every way is taken, every goal is shown."""

import re
from pathlib import Path

import pytest

from accounts.notices.kinds import KINDS
from accounts.notices.models import Channel, Kind, NoticeChoices
from referrals.insights.models import WeekGoals

ROOT = Path(__file__).parents[2]
# They say what there is; whoever reads it is elsewhere.
_CATALOGUE = {"accounts/notices/models.py", "accounts/notices/kinds.py", "accounts/notices/forms.py"}
_OF_EVERY_ROW = {"id", "created_at", "workspace", "member"}


def sources(*, of="*"):
    for app in ("accounts", "feedback", "rewards", "referrals"):
        for path in (ROOT / app).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and name not in _CATALOGUE and Path(name).match(of):
                yield path.read_text()


def read_in(word, texts):
    return any(re.search(rf"\b{re.escape(word)}\b", text) for text in texts)


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_somebody_tells_every_kind_that_can_be_chosen(kind):
    texts = [text for text in sources() if "accounts.notices.models import" in text]

    assert read_in(f"Kind.{kind.name}", texts), f"Nobody tells {kind.label!r}; it is a box that does nothing."


@pytest.mark.parametrize("channel", Channel, ids=str)
def test_every_way_that_can_be_chosen_is_taken(channel):
    assert read_in(f"Channel.{channel.name}", sources()), f"Nothing goes by {channel.label!r}."


def test_every_kind_has_its_defaults_among_what_is_offered():
    assert set(KINDS) == set(Kind)
    assert [kind for kind, about in KINDS.items() if not set(about.first) <= set(about.offered)] == []


@pytest.mark.parametrize("model", [NoticeChoices, WeekGoals], ids=lambda model: model.__name__)
def test_every_setting_is_read(model):
    rooms = {NoticeChoices: "accounts/notices/actions.py", WeekGoals: "referrals/insights/figures.py"}
    texts = list(sources(of=rooms[model]))
    fields = {field.name for field in model._meta.fields} - _OF_EVERY_ROW

    assert {name for name in fields if not read_in(name, texts)} == set()
