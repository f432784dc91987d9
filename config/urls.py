"""Every address. Apps collect their rooms' addresses; this file only says where each app's begin."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.operations.views import show_metrics
from config import health
from config.docs import docs_may_style
from config.gallery import gallery
from referrals.first_run.founding_views import Found
from referrals.today.across_views import AcrossView

urlpatterns = [
    path("", AcrossView.as_view(), name="home"),
    path("app/", AcrossView.as_view(), name="across"),
    path("app/new", Found.as_view(), name="workspace-new"),
    path("app/<slug:workspace_slug>/", include("referrals.urls")),
    path("app/<slug:workspace_slug>/", include("feedback.urls")),
    path("app/<slug:workspace_slug>/", include("rewards.urls")),
    path("app/<slug:workspace_slug>/", include("accounts.urls")),
    path("api/v1/", include("referrals.api_urls")),
    path("api/v1/", include("feedback.api_urls")),
    path("api/v1/", include("rewards.api_urls")),
    path("api/v1/", include("accounts.api_urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs", docs_may_style(SpectacularSwaggerSplitView.as_view(url_name="api-schema")), name="api-docs"),
    path("", include("referrals.public_urls")),
    path("", include("accounts.public_urls")),
    path("accounts/", include("config.sign_in")),
    path("components", gallery, name="components"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", show_metrics, name="metrics"),
]
handler404 = "config.errors.not_found"
handler403 = "config.errors.forbidden"
handler500 = "config.errors.failed"
