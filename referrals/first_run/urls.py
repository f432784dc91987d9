"""The first run, below /app/<workspace>/start."""

from django.urls import path

from referrals.first_run import look_views, people_views, views

urlpatterns = [
    path("start", views.FirstRunView.as_view(), name="first-run"),
    path("start/put-away", views.PutAway.as_view(), name="first-run-put-away"),
    # Before the people: nobody's id is "skip".
    path("start/<slug:step>/skip", views.SkipStep.as_view(), name="first-run-skip"),
    path("start/customers", people_views.Customers.as_view(), name="first-run-customers"),
    path("start/people", people_views.People.as_view(), name="first-run-people"),
    path("start/people/<str:contact_id>", people_views.TellStory.as_view(), name="first-run-story"),
    path("start/reward", look_views.Reward.as_view(), name="first-run-reward"),
    path("start/page", look_views.Page.as_view(), name="first-run-page"),
    path("start/hours", look_views.Hours.as_view(), name="first-run-hours"),
    path("start/send", people_views.Send.as_view(), name="first-run-send"),
    path("start/guardrails", views.Guardrails.as_view(), name="first-run-guardrails"),
]
