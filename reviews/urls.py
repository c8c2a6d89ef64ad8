from django.urls import path, register_converter
from django.urls.converters import IntConverter

from organizations.quarter import Quarter
from reviews.views import (
    completeness,
    cycles,
    dashboard,
    deductions,
    draws,
    entry,
    evidence,
    import_steps,
    imports,
    phone,
    raising,
    reports,
    review,
    rubrics,
    settings,
    standings,
    start,
    visits,
)

app_name = "reviews"


class QuarterConverter:
    """A quarter in an address: 2018Q3."""

    regex = "[0-9]{4}Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter | str) -> str:
        return str(value)


class KeyConverter(IntConverter):
    """A row's key, short enough for the databases' whole numbers and for Python to read."""

    regex = "[0-9]{1,18}"


register_converter(QuarterConverter, "quarter")
register_converter(KeyConverter, "key")

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("start/", start.start, name="start"),
    path("settings/", settings.edit, name="settings"),
    path("cycles/", cycles.list_cycles, name="cycle-list"),
    path("cycles/new/", cycles.new, name="cycle-new"),
    path("cycles/<quarter:quarter>/", cycles.detail, name="cycle-detail"),
    path("cycles/<quarter:quarter>/edit/", cycles.edit, name="cycle-edit"),
    path("cycles/<quarter:quarter>/delete/", cycles.delete, name="cycle-delete"),
    path("cycles/<quarter:quarter>/open/", cycles.open_for_entry, name="cycle-open"),
    path("cycles/<quarter:quarter>/roster/", cycles.take_roster, name="cycle-roster"),
    path("cycles/<quarter:quarter>/reply/", cycles.reply, name="cycle-reply"),
    path("cycles/<quarter:quarter>/verify/", cycles.verify, name="cycle-verify"),
    path("cycles/<quarter:quarter>/back/", cycles.back, name="cycle-back"),
    path("cycles/<quarter:quarter>/publish/", cycles.publish, name="cycle-publish"),
    path("cycles/<quarter:quarter>/entry/", entry.grid, name="entry"),
    path("cycles/<quarter:quarter>/entry/save/", entry.save, name="entry-save"),
    path("cycles/<quarter:quarter>/completeness/", completeness.page, name="completeness"),
    path("cycles/<quarter:quarter>/completeness.xlsx", completeness.export, name="completeness-export"),
    path("cycles/<quarter:quarter>/import/", imports.upload, name="import"),
    path("cycles/<quarter:quarter>/import/template.xlsx", imports.template, name="import-template"),
    path("cycles/<quarter:quarter>/import/<key:pk>/", imports.detail, name="import-detail"),
    path("cycles/<quarter:quarter>/import/<key:pk>/commit/", imports.commit, name="import-commit"),
    path("cycles/<quarter:quarter>/import/<key:pk>/progress/", import_steps.progress, name="import-progress"),
    path("cycles/<quarter:quarter>/import/<key:pk>/cancel/", import_steps.stop, name="import-cancel"),
    path("cycles/<quarter:quarter>/import/<key:pk>/again/", import_steps.again, name="import-again"),
    path("cycles/<quarter:quarter>/import/<key:pk>/headings/", import_steps.headings, name="import-headings"),
    path(
        "cycles/<quarter:quarter>/import/headings/<key:pk>/forget/",
        import_steps.forget,
        name="import-heading-forget",
    ),
    path("cycles/<quarter:quarter>/import/<key:pk>/undo/", imports.undo, name="import-undo"),
    path("cycles/<quarter:quarter>/standings/", standings.standings, name="standings"),
    path("cycles/<quarter:quarter>/standings.<str:extension>", standings.export, name="standings-export"),
    path("cycles/<quarter:quarter>/units/<key:pk>/", review.detail, name="review-detail"),
    path(
        "cycles/<quarter:quarter>/units/<key:pk>/leave-out/", review.leave_unit_out, name="review-leave-out"
    ),
    path("cycles/<quarter:quarter>/units/<key:pk>/put-back/", review.put_unit_back, name="review-put-back"),
    path(
        "cycles/<quarter:quarter>/units/<key:pk>/deductions/<key:indicator>/",
        deductions.cell,
        name="deductions",
    ),
    path("cycles/<quarter:quarter>/items/", raising.all_findings, name="items-raise"),
    path("cycles/<quarter:quarter>/items/raise/", raising.one_finding, name="finding-raise"),
    path("cycles/<quarter:quarter>/report/circular/", reports.circular, name="circular"),
    path("cycles/<quarter:quarter>/report/circular.<str:extension>", reports.file, name="circular-file"),
    path("visits/", visits.list_visits, name="visit-list"),
    path("visits/new/", visits.new, name="visit-new"),
    path("visits/categories/", visits.categories, name="visit-categories"),
    path("visits/draw/", draws.new, name="visit-draw"),
    path("visits/draws/<key:pk>/", draws.detail, name="visit-draw-detail"),
    path("visits/photos/<key:pk>/", visits.photo, name="visit-photo"),
    path("visits/<key:pk>/", visits.detail, name="visit-detail"),
    path("visits/<key:pk>/record/", visits.record, name="visit-record"),
    path("visits/<key:pk>/photos/", evidence.add, name="visit-photos-add"),
    path("visits/<key:pk>/cancel/", visits.cancel, name="visit-cancel"),
    path("visits/<key:pk>/count/", visits.count, name="visit-count"),
    path("visits/<key:pk>/set-aside/", visits.put_aside, name="visit-set-aside"),
    path("m/", phone.app, name="phone"),
    path("m/worker.js", phone.worker, name="phone-worker"),
    path("m/manifest.webmanifest", phone.manifest, name="phone-manifest"),
    path("m/data/", phone.data, name="phone-data"),
    path("m/visits/", phone.receive, name="phone-visit"),
    path("m/visits/<uuid:visit>/photos/<uuid:key>/", phone.photo, name="phone-photo"),
    path("rubrics/", rubrics.list_rubrics, name="rubric-list"),
    path("rubrics/import/", rubrics.upload, name="rubric-import"),
    path("rubrics/import/<int:year>/", rubrics.preview, name="rubric-import-preview"),
    path("rubrics/<key:pk>/", rubrics.detail, name="rubric-detail"),
    path("rubrics/<key:pk>/edit/", rubrics.edit, name="rubric-edit"),
    path("rubrics/<key:pk>/copy/", rubrics.copy, name="rubric-copy"),
    path("rubrics/<key:pk>/activate/", rubrics.activate, name="rubric-activate"),
]
