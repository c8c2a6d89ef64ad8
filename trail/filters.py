"""What the audit trail is searched by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.audited import declared
from audit.models import Entry, Operation
from organizations.forms import DayField, NameField, fields_only
from trail.visible import Streams
from trail.words import kind_of

LONGEST_SEARCH = 100


class WordsFilter(django_filters.Filter):
    field_class = NameField


class DayFilter(django_filters.Filter):
    field_class = DayField


class TrailFilter(django_filters.FilterSet):
    """The entries a reader may see, by who, what, when and what they say."""

    who = WordsFilter(
        label=_("Account"), max_length=LONGEST_SEARCH, field_name="actor_name", lookup_expr="icontains"
    )
    operation = django_filters.ChoiceFilter(
        label=pgettext_lazy("audit", "Operation"), choices=Operation.choices, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of record"), field_name="table", choices=(), empty_label=_("All")
    )
    since = DayFilter(label=pgettext_lazy("audit", "From"), field_name="at", lookup_expr="date__gte")
    until = DayFilter(label=pgettext_lazy("audit", "Until"), field_name="at", lookup_expr="date__lte")
    q = WordsFilter(method="saying", label=_("Words in values or reasons"), max_length=LONGEST_SEARCH)
    request = WordsFilter(label=_("Request"), max_length=64, field_name="request_id")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, streams: Streams) -> None:
        """streams: what the reader may see."""
        super().__init__(data, queryset=Entry.objects.none())
        self._streams = streams
        kinds = sorted(((table, kind_of(table)) for table in declared()), key=lambda kind: kind[1])
        self.filters["kind"].extra["choices"] = kinds
        self.form.helper = fields_only()

    @property
    def streams(self) -> Streams:
        """What is asked for of what the reader may see; nothing where the question cannot be understood."""
        return tuple(self.filter_queryset(each) for each in self._streams) if self.form.is_valid() else ()

    def saying(self, entries: QuerySet[Entry], name: str, text: str) -> QuerySet[Entry]:
        """With these words in the reason or in a value, as the database keeps it."""
        values = {"old_text": Cast("old", TextField()), "new_text": Cast("new", TextField())}
        return entries.alias(**values).filter(
            Q(why__icontains=text) | Q(old_text__icontains=text) | Q(new_text__icontains=text)
        )

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.filters)
