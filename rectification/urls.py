from django.urls import path, register_converter

from rectification.models import Serial
from rectification.views import bulk, items, ledger, saved_filters

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
    path("items/", ledger.list_items, name="item-list"),
    path("items/export.xlsx", ledger.export, name="item-export"),
    path("items/print/", ledger.print_view, name="item-print"),
    path("items/repeats/", ledger.repeats, name="item-repeats"),
    path("items/bulk/", bulk.bulk, name="item-bulk"),
    path("items/filters/", saved_filters.save, name="filter-save"),
    path("items/filters/<int:pk>/delete/", saved_filters.delete, name="filter-delete"),
    path("items/<serial:serial>/", items.detail, name="item-detail"),
]
