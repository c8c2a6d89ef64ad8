from django.urls import path, register_converter

from rectification.models import Serial
from rectification.views import checks, handover, items, return_draws, return_visits

app_name = "rectification"


class SerialConverter:
    """An item's number in an address: 2018Q3-017."""

    regex = "[0-9]{4}Q[1-4]-[0-9]{3,6}"

    def to_python(self, value: str) -> Serial:
        return Serial.parse(value)

    def to_url(self, value: Serial | str) -> str:
        return str(value)


register_converter(SerialConverter, "serial")

urlpatterns = [
    path("items/<serial:serial>/", items.detail, name="item-detail"),
    path("items/<serial:serial>/return-visit/", return_visits.new, name="return-visit-new"),
    path("items/checks/", checks.list_checks, name="check-list"),
    path("items/checks/new/", checks.new, name="check-new"),
    path("items/checks/<int:pk>/", checks.detail, name="check-detail"),
    path("items/checks/<int:pk>/answer/", checks.answer, name="check-answer"),
    path("items/checks/<int:pk>.xlsx", checks.export, name="check-export"),
    path("items/return-visits/", return_visits.list_return_visits, name="return-visit-list"),
    path("items/return-visits/draw/", return_draws.new, name="return-visit-draw"),
    path("items/return-visits/draws/<int:pk>/", return_draws.detail, name="return-draw-detail"),
    path("items/return-visits/<int:pk>/", return_visits.detail, name="return-visit-detail"),
    path("items/return-visits/<int:pk>/record/", return_visits.record, name="return-visit-record"),
    path("items/return-visits/<int:pk>/cancel/", return_visits.cancel, name="return-visit-cancel"),
    path(
        "items/return-visits/<int:pk>/photos/<int:evidence>/", return_visits.photo, name="return-visit-photo"
    ),
    path("items/handover/", handover.overview, name="handover"),
    path("items/handover/<int:pk>/", handover.choose, name="handover-choose"),
]
