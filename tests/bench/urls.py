"""The product's addresses and the floors of the bench, behind the same middleware and login."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import urlpatterns as product
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from reviews.cells import shown_cells
from reviews.entry_grid import grid_tabs
from reviews.views.fetching import cycle_to_fill

PLAIN_GRID = engines["django"].from_string(
    """{% extends "reviews/base.html" %}
{% block title %}{{ cycle.quarter.label }}{% endblock %}
{% block page_class %}page-wide{% endblock %}
{% block heading %}{{ cycle.quarter.label }}{% endblock %}
{% block content %}<table>
<thead><tr><th scope="col"></th>
{% for each in indicators %}<th scope="col">{{ each.name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for name, cells in rows %}<tr><th scope="row">{{ name }}</th>
{% for text in cells %}<td>{{ text }}</td>{% endfor %}</tr>{% endfor %}
</tbody></table>{% endblock %}"""
)


def empty(request: HttpRequest) -> HttpResponse:
    """A page that reads who is signed in and shows nothing: the floor of every page."""
    return HttpResponse(request.user.username)


def plain_grid(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """The numbers of an entry grid as plain text, of the same queries, in the same frame."""
    cycle = cycle_to_fill(request, quarter)
    tab = grid_tabs(cycle)[0]
    indicators, shown = list(tab.rubric.indicators.select_related("section")), shown_cells(tab.reviews)
    rows = [
        (review.organization.name, [shown[review.pk, indicator.pk].text for indicator in indicators])
        for review in tab.reviews
    ]
    return HttpResponse(PLAIN_GRID.render({"cycle": cycle, "indicators": indicators, "rows": rows}, request))


urlpatterns = [
    path("empty/", empty),
    path("plain/<quarter:quarter>/", plain_grid),
    *product,
]
