"""One unsurprising factory per model of feedback."""

import factory
from factory.django import DjangoModelFactory

from feedback.moments.models import Moment
from feedback.responses.models import Response
from feedback.surveys.models import Survey
from tests.factories.accounts import NOW, ContactFactory, WorkspaceFactory


class SurveyFactory(DjangoModelFactory):
    class Meta:
        model = Survey

    workspace = factory.SubFactory(WorkspaceFactory)
    name = factory.Sequence(lambda n: f"Relationship NPS {n}")
    metric = "nps"
    question = "How likely are you to recommend Acme to a colleague?"


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = Response

    workspace = factory.SelfAttribute("contact.workspace")
    contact = factory.SubFactory(ContactFactory)
    company = factory.SelfAttribute("contact.company")
    metric = "nps"
    score = 10
    category = "promoter"
    is_high = True
    is_low = False
    channel = "api"
    responded_at = NOW
    received_at = NOW


class MomentFactory(DjangoModelFactory):
    class Meta:
        model = Moment

    workspace = factory.SelfAttribute("response.workspace")
    response = factory.SubFactory(ResponseFactory)
    contact = factory.SelfAttribute("response.contact")
    kind = "high_score"
    occurred_at = NOW
