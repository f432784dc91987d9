"""One unsurprising factory per model of referrals."""

import datetime

import factory
from factory.django import DjangoModelFactory

from referrals.asks.models import Ask
from referrals.links.models import Link
from referrals.pipeline.models import Referral
from referrals.programs.models import Program
from referrals.thanks.models import ThankYou
from tests.factories.accounts import NOW, ContactFactory, WorkspaceFactory


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = Program

    workspace = factory.SubFactory(WorkspaceFactory)
    name = "Introductions"
    slug = factory.Sequence(lambda n: f"introductions-{n}")
    state = "live"
    peer_title = "Head of Operations"
    ideal_problem = "month-end"


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = Link

    workspace = factory.SelfAttribute("contact.workspace")
    contact = factory.SubFactory(ContactFactory)
    program = factory.SubFactory(ProgramFactory, workspace=factory.SelfAttribute("..contact.workspace"))
    code = factory.Sequence(lambda n: f"jamie-{n}")


class AskFactory(DjangoModelFactory):
    class Meta:
        model = Ask

    workspace = factory.SelfAttribute("link.workspace")
    link = factory.SubFactory(LinkFactory)
    contact = factory.SelfAttribute("link.contact")
    program = factory.SelfAttribute("link.program")
    policy = "assisted"
    subject = "Who else fights with month-end?"
    body = "Hi Jamie, is there somebody?"
    sender_name = "Ana Acme"
    sender_email = "ana@acme.example"
    responded_at = NOW
    queued_at = NOW
    deadline_at = NOW + datetime.timedelta(hours=24)
    send_at = NOW + datetime.timedelta(hours=4)


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    workspace = factory.SelfAttribute("link.workspace")
    link = factory.SubFactory(LinkFactory)
    referrer = factory.SelfAttribute("link.contact")
    program = factory.SelfAttribute("link.program")
    stage = "new"
    source = "link"
    referee_name = "Kim Park"
    referee_email = factory.Sequence(lambda n: f"kim{n}@globex.example")
    referee_email_normalized = factory.SelfAttribute("referee_email")
    referee_company_name = "Globex"
    referee_company_domain = "globex.example"
    stage_changed_at = NOW


class ThankYouFactory(DjangoModelFactory):
    class Meta:
        model = ThankYou

    workspace = factory.SelfAttribute("contact.workspace")
    contact = factory.SubFactory(ContactFactory)
    source_key = factory.Sequence(lambda n: f"test:{n}")
    occasion = "introduction"
    subject = "Thank you, Jamie"
    body = "That was kind of you."
    owed_since = NOW
    due_at = NOW + datetime.timedelta(days=1)
