"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import include, path

from referrals.asks import program_views
from referrals.landing.brand_views import BrandPreview
from referrals.pipeline import views as pipeline

urlpatterns = [
    path("", include("referrals.today.urls")),
    path("", include("referrals.records.urls")),
    path("insights/", include("referrals.insights.urls")),
    path("referrals/", pipeline.ReferralList.as_view(), name="referral-list"),
    path("referrals/<str:referral_id>/move", pipeline.MoveReferral.as_view(), name="referral-move"),
    path("settings/program/<str:program_id>", program_views.ProgramSettings.as_view(), name="program-settings"),
    path("settings/brand/preview/<slug:page>", BrandPreview.as_view(), name="brand-preview"),
    path("settings/programs", program_views.ProgramList.as_view(), name="program-list"),
]
