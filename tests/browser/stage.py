"""The demo company, and beside it a row of everything a page may be about."""

import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.mail import mailbox
from accounts.mail import tasks as mail_tasks
from accounts.members.models import Member
from accounts.tenancy import tokens
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from feedback.invitations.models import Invitation
from feedback.responses.actions import Answer
from referrals.asks import intake
from referrals.asks.models import Ask
from referrals.demo import actions as demo
from referrals.landing.views import THANKS
from tests.browser.conftest import PASSWORD
from tests.browser.everywhere import Told
from tests.factories import accounts as make
from tests.factories import feedback
from tests.guards.test_pages import tell_a_story


def set_up(mailbox_dir) -> Told:
    """Marlow as the demo has it, with one more row of each kind, and its mail in the built-in mailbox."""
    now = timezone.now()
    demo.load(password=PASSWORD, now=now)
    workspace = Workspace.objects.get(slug=demo.SLUG)
    with workspace_scope(workspace.pk):
        # The story brings a rule of its own, and there is one live rule for each side.
        workspace.reward_rules.filter(side="referrer").update(state="retired")
        rows = tell_a_story(workspace) | _of_the_demo(workspace) | {"invited": _answered(workspace, now)}
        rows["invitation"].expires_at = now + datetime.timedelta(days=7)
        rows["invitation"].save()
        _one_pair(workspace)
    mail_tasks.tick()
    return Told(workspace.slug, rows | {"mail": mailbox.keys(mailbox_dir)[0]})


def _of_the_demo(workspace: Workspace) -> dict:
    """Rows with a history, so that their records show all their parts."""
    won = workspace.referrals.filter(stage="won").get()
    ask = workspace.asks.filter(contact__first_name="Jamie", state=Ask.State.QUEUED).first()
    return {
        "ask": ask,
        "company": ask.contact.company,
        "contact": ask.contact,
        "link": won.link,
        "landing-thanks": _thanks_of(won),
        "program": workspace.programs.order_by("created_at").first(),
        "referral": won,
        "response": ask.moment.response,
        "reward": workspace.rewards.filter(source_id=won.pk).first(),
        "member": Member.objects.get(workspace=workspace, name="Sofia Bell"),
        "thank_you": workspace.thank_yous.filter(state="owed").order_by("due_at").first(),
    }


def _thanks_of(referral) -> str:
    nonce = str(referral.preferences_nonce)
    token = tokens.make(THANKS, workspace_id=referral.workspace_id, object_id=referral.pk, nonce=nonce)
    return reverse("landing-thanks", args=[referral.link.code, token])


def _answered(workspace: Workspace, now) -> Invitation:
    """Somebody who gave a 10 on the page a moment ago: the last step of the survey is the ask."""
    owner = workspace.members.get(name="Alex Rivera")
    company = make.CompanyFactory(workspace=workspace, name="Quillon & Daughters", owner=owner)
    make.OutcomeFactory(company=company)
    contact = make.ContactFactory(workspace=workspace, company=company, first_name="Amara", last_name="Nwosu")
    survey = workspace.surveys.filter(metric="nps").first() or feedback.SurveyFactory(workspace=workspace)
    invitation = workspace.invitations.create(
        survey=survey, contact=contact, answered_at=now, expires_at=now + datetime.timedelta(days=60)
    )
    answer = Answer("nps", 10, "page", now, survey=survey, invitation=invitation, comment="You saved our quarter.")
    by = Actor(ActorKind.CONTACT, contact.pk)
    intake.take_in(workspace=workspace, contact=contact, company=None, answer=answer, by=by, now=now)
    return invitation


def _one_pair(workspace: Workspace) -> None:
    """Two rows that may be one person."""
    company = workspace.companies.first()
    for email in ("h.moreau@one.example", "h.moreau@two.example"):
        make.ContactFactory(workspace=workspace, company=company, first_name="Hugo", last_name="Moreau", email=email)
