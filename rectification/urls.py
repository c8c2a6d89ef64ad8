from django.urls import include, path, register_converter

from rectification.models import Serial
from rectification.views import items

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
    path("programmes/", include("rectification.programme_urls")),
]
