"""One unsurprising factory per model of accounts."""

import datetime

import factory
from factory.django import DjangoModelFactory

from accounts.api.models import ApiKey, Scope
from accounts.customers.models import Company, Contact, Hold, Outcome
from accounts.imports.models import ImportJob
from accounts.mail.actions import email_hash
from accounts.mail.models import Message
from accounts.members.models import Member, User
from accounts.signin.models import SignOn, SignOnDomain
from accounts.tenancy import secrets
from accounts.tenancy.models import Workspace

NOW = datetime.datetime(2026, 11, 17, 10, 0, tzinfo=datetime.UTC)  # a Tuesday


class WorkspaceFactory(DjangoModelFactory):
    class Meta:
        model = Workspace

    slug = factory.Sequence(lambda n: f"acme-{n}")
    name = "Acme"
    timezone = "Europe/Berlin"
    country = "DE"
    sender_name = "Ana Acme"
    sender_email = "ana@acme.example"
    postal_address = "Acme Inc, 1 Main Street, Springfield"
    second_factor_roles: list[str] = []  # those tests that are about it ask for one


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@acme.example")
    password = factory.django.Password("correct horse battery")


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    workspace = factory.SubFactory(WorkspaceFactory)
    user = factory.SubFactory(UserFactory)
    role = "owner"
    name = "Ana Acme"
    email = factory.SelfAttribute("user.email")
    timezone = "Europe/Berlin"


class SignOnFactory(DjangoModelFactory):
    class Meta:
        model = SignOn

    workspace = factory.SubFactory(WorkspaceFactory)
    kind = "oidc"
    name = "Acme account"
    issuer = "https://id.acme.example"
    client_id = "goodword"
    client_secret = factory.LazyFunction(lambda: secrets.encrypt("a shared secret"))


class SignOnDomainFactory(DjangoModelFactory):
    class Meta:
        model = SignOnDomain

    workspace = factory.SelfAttribute("sign_on.workspace")
    sign_on = factory.SubFactory(SignOnFactory)
    domain = "acme.example"


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    workspace = factory.SubFactory(WorkspaceFactory)
    external_id = factory.Sequence(lambda n: f"company-{n}")
    name = "Northwind"
    customer_since = datetime.date(2024, 1, 15)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    workspace = factory.SubFactory(WorkspaceFactory)
    company = factory.SubFactory(CompanyFactory, workspace=factory.SelfAttribute("..workspace"))
    external_id = factory.Sequence(lambda n: f"person-{n}")
    first_name = "Jamie"
    last_name = "Okafor"
    title = "Head of Operations"
    email = factory.Sequence(lambda n: f"jamie{n}@northwind.example")
    email_normalized = factory.SelfAttribute("email")
    timezone = "Europe/Berlin"


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    workspace = factory.SelfAttribute("company.workspace")
    company = factory.SubFactory(CompanyFactory)
    metric = "reporting time"
    baseline = "40 h"
    now = "24 h"
    period = "a month"
    old_challenge = "40 hours of reporting a month"
    summary = "cut reporting time by 40 %"
    approved_by = "Jamie Okafor"
    approved_at = NOW - datetime.timedelta(days=20)
    approved_until = NOW + datetime.timedelta(days=345)


class HoldFactory(DjangoModelFactory):
    class Meta:
        model = Hold

    workspace = factory.SelfAttribute("company.workspace")
    company = factory.SubFactory(CompanyFactory)
    purpose = "asks"
    reason = "open_ticket"
    starts_at = NOW - datetime.timedelta(days=1)


class ImportJobFactory(DjangoModelFactory):
    """A file of companies that waits for its columns to be confirmed."""

    class Meta:
        model = ImportJob

    workspace = factory.SubFactory(WorkspaceFactory)
    kind = "companies"
    filename = "accounts.csv"
    size_bytes = 40
    encoding = "utf-8"
    delimiter = ","
    header = ["id", "name"]
    columns = {"external_id": 0, "name": 1}
    currency = "USD"


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    workspace = factory.SubFactory(WorkspaceFactory)
    kind = "notice"
    key = factory.Sequence(lambda n: f"test:{n}")
    to_email = "ana@acme.example"
    to_name = "Ana Acme"
    from_email = "ana@acme.example"
    subject = "Jamie Okafor gave you a 10"
    body_text = "Jamie gave you a 10."
    email_hash = factory.LazyAttribute(lambda message: email_hash(message.to_email))
    due_at = NOW


class ApiKeyFactory(DjangoModelFactory):
    class Meta:
        model = ApiKey

    class Params:
        secret = factory.Sequence(lambda n: f"gw_secret-{n}")

    workspace = factory.SubFactory(WorkspaceFactory)
    name = "Integration"
    shown_start = factory.LazyAttribute(lambda key: key.secret[:8])
    key_hash = factory.LazyAttribute(lambda key: ApiKey.hash_of(key.secret))
    scopes = [scope.value for scope in Scope]
