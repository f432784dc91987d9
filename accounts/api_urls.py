"""The REST API, below /api/v1/."""

from django.urls import path

from accounts.api import api as core
from accounts.customers import api as customers
from accounts.customers import evidence_api as evidence
from accounts.members import api as members

urlpatterns = [
    path("me", core.MeView.as_view(), name="api-me"),
    path("events", core.EventListView.as_view(), name="api-events"),
    path("events/<str:event_id>", core.EventView.as_view(), name="api-event"),
    path("members", members.MemberListView.as_view(), name="api-members"),
    path("members/<str:member_id>", members.MemberView.as_view(), name="api-member"),
    path("companies", customers.CompaniesView.as_view(), name="api-companies"),
    path("companies/bulk", customers.CompaniesBulkView.as_view(), name="api-companies-bulk"),
    path("companies/merge", customers.CompaniesMergeView.as_view(), name="api-companies-merge"),
    path("companies/<str:company_id>", customers.CompanyView.as_view(), name="api-company"),
    path("contacts", customers.ContactsView.as_view(), name="api-contacts"),
    path("contacts/bulk", customers.ContactsBulkView.as_view(), name="api-contacts-bulk"),
    path("contacts/merge", customers.ContactsMergeView.as_view(), name="api-contacts-merge"),
    path("contacts/<str:contact_id>", customers.ContactView.as_view(), name="api-contact"),
    path("outcomes", evidence.OutcomesView.as_view(), name="api-outcomes"),
    path("outcomes/<str:outcome_id>", evidence.OutcomeView.as_view(), name="api-outcome"),
    path("holds", evidence.HoldsView.as_view(), name="api-holds"),
    path("holds/<str:hold_id>", evidence.HoldView.as_view(), name="api-hold"),
    path("revenue/bulk", evidence.RevenueBulkView.as_view(), name="api-revenue-bulk"),
    path("deals/bulk", evidence.DealsBulkView.as_view(), name="api-deals-bulk"),
]
