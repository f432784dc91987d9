"""The desk by keyboard alone, as somebody uses it all day."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from tests.factories import accounts as make
from tests.factories import feedback, referrals

pytestmark = pytest.mark.browser

BODY = """Hi {first},

you gave us a 10 this morning. Thank you, that made our day. I remember how 40 hours of reporting a month felt when we \
started.

Is there one person at another company who is where you were then? If you put the two of us in one mail, I will look \
after them the way I looked after you.

And if nobody comes to mind, that is a fine answer too.

Alex"""


def an_ask(workspace, member, *, first, last, company, hours_left, comment):
    now = timezone.now()
    responded_at = now - datetime.timedelta(hours=24 - hours_left)
    firm = make.CompanyFactory(workspace=workspace, name=company, owner=member)
    contact = make.ContactFactory(
        workspace=workspace,
        company=firm,
        first_name=first,
        last_name=last,
        expert_score=77,
        expert_parts={"use": 31, "outcomes": 30, "tenure": 6, "steadiness": 10, "involvement": 0},
    )
    response = feedback.ResponseFactory(
        contact=contact, comment=comment, responded_at=responded_at, received_at=responded_at
    )
    moment = feedback.MomentFactory(response=response, occurred_at=responded_at)
    program = workspace.programs.first() or referrals.ProgramFactory(workspace=workspace)
    return referrals.AskFactory(
        link=referrals.LinkFactory(contact=contact, program=program),
        moment=moment,
        body=BODY.format(first=first),
        facts=[
            {"token": "response.score", "value": "10", "source": "NPS answer of today"},
            {
                "token": "outcome.old_challenge",
                "value": "40 hours of reporting a month",
                "source": f"Outcome approved by {first} {last}",
            },
        ],
        sender=member,
        sender_name=member.name,
        sender_email=member.email,
        verdict={"ok": True, "reasons": []},
        responded_at=responded_at,
        queued_at=responded_at,
        deadline_at=responded_at + datetime.timedelta(hours=24),
        send_at=now + datetime.timedelta(hours=hours_left / 3),
        planned_send_at=now + datetime.timedelta(hours=hours_left / 3),
    )


@pytest.fixture
def two_asks(house, alex):
    with workspace_scope(house.pk):
        marta = an_ask(
            house,
            alex,
            first="Marta",
            last="Lindqvist",
            company="Osterberg",
            hours_left=4,
            comment="I stopped dreading the first of the month.",
        )
        jamie = an_ask(
            house,
            alex,
            first="Jamie",
            last="Okafor",
            company="Acme Logistics",
            hours_left=22,
            comment="We close the month in two days instead of five. I told our auditors about it.",
        )
    return marta, jamie


def stored(ask):
    with workspace_scope(ask.workspace_id):
        return Ask.objects.get(pk=ask.pk)


def test_an_ask_is_opened_edited_sent_and_taken_back_by_keyboard(two_asks, signed_in):
    page, jamie = signed_in, two_asks[1]

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".slip[aria-current]")).to_contain_text("Jamie Okafor")
    page.keyboard.press("e")
    letter = page.get_by_label("Letter")
    expect(letter).to_be_focused()
    letter.fill("Hi Jamie,\n\nwho else should I talk to?\n\nAlex")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".letter .body")).to_contain_text("who else should I talk to?")
    page.keyboard.press("s")
    expect(page.locator("#toasts")).to_contain_text("Sent to Jamie Okafor.")

    assert stored(jamie).state == Ask.State.SENDING
    assert stored(jamie).body == "Hi Jamie,\n\nwho else should I talk to?\n\nAlex"

    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("Taken back.")

    assert stored(jamie).state == Ask.State.QUEUED
