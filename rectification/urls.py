from django.urls import include, path, register_converter

from rectification.lifecycle import StepKind
from rectification.serials import Serial
from rectification.views import (
    bulk,
    checks,
    figures,
    handover,
    items,
    ledger,
    merging,
    new_items,
    return_draws,
    return_visits,
    saved_filters,
)

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
    path("items/new/", new_items.new, name="item-new"),
    path("items/files/<key:pk>/", items.evidence, name="evidence"),
    path("items/files/<key:pk>/original/", items.evidence_original, name="evidence-original"),
    path("items/", ledger.list_items, name="item-list"),
    path("items/export.xlsx", ledger.export, name="item-export"),
    path("items/print/", ledger.print_view, name="item-print"),
    path("items/repeats/", ledger.repeats, name="item-repeats"),
    path("items/bulk/", bulk.bulk, name="item-bulk"),
    path("items/filters/", saved_filters.save, name="filter-save"),
    path("items/filters/<key:pk>/delete/", saved_filters.delete, name="filter-delete"),
    path("items/figures/", figures.show, name="figures"),
    path("items/figures.xlsx", figures.export, name="figures-export"),
    path("items/<serial:serial>/merge/", merging.merge, name="item-merge"),
    path("items/<serial:serial>/", items.detail, name="item-detail"),
    path("items/<serial:serial>/send/", items.step, {"kind": StepKind.SEND}, name="item-send"),
    path("items/<serial:serial>/assign/", items.step, {"kind": StepKind.ASSIGN}, name="item-assign"),
    path("items/<serial:serial>/note/", items.step, {"kind": StepKind.NOTE}, name="item-note"),
    path("items/<serial:serial>/submit/", items.step, {"kind": StepKind.SUBMIT}, name="item-submit"),
    path("items/<serial:serial>/return/", items.step, {"kind": StepKind.RETURN}, name="item-return"),
    path(
        "items/<serial:serial>/strike-off/", items.step, {"kind": StepKind.STRIKE_OFF}, name="item-strike-off"
    ),
    path("items/<serial:serial>/extend/", items.step, {"kind": StepKind.EXTEND}, name="item-extend"),
    path("items/<serial:serial>/reopen/", items.step, {"kind": StepKind.REOPEN}, name="item-reopen"),
    path("items/<serial:serial>/withdraw/", items.step, {"kind": StepKind.WITHDRAW}, name="item-withdraw"),
    path("items/<serial:serial>/return-visit/", return_visits.new, name="return-visit-new"),
    path("items/checks/", checks.list_checks, name="check-list"),
    path("items/checks/new/", checks.new, name="check-new"),
    path("items/checks/<key:pk>/", checks.detail, name="check-detail"),
    path("items/checks/<key:pk>/answer/", checks.answer, name="check-answer"),
    path("items/checks/<key:pk>.xlsx", checks.export, name="check-export"),
    path("items/return-visits/", return_visits.list_return_visits, name="return-visit-list"),
    path("items/return-visits/draw/", return_draws.new, name="return-visit-draw"),
    path("items/return-visits/draws/<key:pk>/", return_draws.detail, name="return-draw-detail"),
    path("items/return-visits/<key:pk>/", return_visits.detail, name="return-visit-detail"),
    path("items/return-visits/<key:pk>/record/", return_visits.record, name="return-visit-record"),
    path("items/return-visits/<key:pk>/cancel/", return_visits.cancel, name="return-visit-cancel"),
    path(
        "items/return-visits/<key:pk>/photos/<key:evidence>/", return_visits.photo, name="return-visit-photo"
    ),
    path("items/handover/", handover.overview, name="handover"),
    path("items/handover/<key:pk>/", handover.choose, name="handover-choose"),
    path("programmes/", include("rectification.programme_urls")),
]
