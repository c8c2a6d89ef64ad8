from django.urls import path, register_converter

from rectification.models import Serial
from rectification.views import checks, handover, items

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
    path("items/checks/", checks.list_checks, name="check-list"),
    path("items/checks/new/", checks.new, name="check-new"),
    path("items/checks/<int:pk>/", checks.detail, name="check-detail"),
    path("items/checks/<int:pk>/answer/", checks.answer, name="check-answer"),
    path("items/checks/<int:pk>.xlsx", checks.export, name="check-export"),
    path("items/handover/", handover.overview, name="handover"),
    path("items/handover/<int:pk>/", handover.choose, name="handover-choose"),
]
