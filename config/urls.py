"""Every address of the product; each app names its own."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from operations.views import healthz
from organizations.converters import KeyConverter, QuarterConverter, YearConverter
from reviews.converters import ReportKindConverter

# Before the apps' addresses are read, which name them.
register_converter(QuarterConverter, "quarter")
register_converter(KeyConverter, "key")
register_converter(YearConverter, "year")
register_converter(ReportKindConverter, "report_kind")

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("organizations.urls")),
    path("", include("rectification.urls")),
    path("", include("reviews.urls")),
    path("", include("trail.urls")),
]
