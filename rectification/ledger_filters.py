"""What the ledger is narrowed by. Filters combine; one that has no effect stands in no address."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any
from urllib.parse import urlencode

import django_filters
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms import NameField, fields_only
from organizations.models import Group, Organization
from organizations.quarter import Quarter
from rectification.models import Item, ItemState, ProblemCategory, Source
from rectification.models.item import SOON, ItemQuerySet
from rectification.serials import Serial

UNSETTLED = "unsettled"
LONGEST_SEARCH = 100
FLAGS = ("overdue", "soon", "unassigned", "repeat", "carried", "passed_on")
PLAIN = ("q", "state", "quarter", "unit")  # always in sight; the others are unfolded


class SearchFilter(django_filters.Filter):
    field_class = NameField


class FlagFilter(django_filters.Filter):
    """Narrows where it is ticked; in the address it is 1."""

    field_class = forms.BooleanField

    def __init__(self, label: Any, narrowed: Callable[[ItemQuerySet, ItemFilter], ItemQuerySet]) -> None:
        super().__init__(label=label, widget=forms.CheckboxInput(attrs={"value": "1"}))
        self.narrowed = narrowed

    def filter(self, qs: ItemQuerySet, value: bool) -> ItemQuerySet:
        return self.narrowed(qs, self.parent) if value else qs


class ItemFilter(django_filters.FilterSet):
    """The items of one host that the reader may see, by what the office asks for.

    Withdrawn ones are found only by their state or their serial number: they count nowhere.
    """

    q = SearchFilter(
        method="searched",
        label=_("Words or serial number"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("State"),
        empty_label=_("All"),
        choices=[(UNSETTLED, _("Unsettled")), *ItemState.choices],
    )
    quarter = django_filters.ChoiceFilter(
        method="in_quarter", label=_("Quarter"), empty_label=_("All"), choices=()
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Organization.objects.none(), empty_label=_("All")
    )
    group = django_filters.ModelChoiceFilter(
        label=_("Group"), queryset=Group.objects.none(), empty_label=_("All")
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=ProblemCategory.objects.none(), empty_label=_("All")
    )
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Source.choices, empty_label=_("All"))
    overdue = FlagFilter(_("Overdue"), lambda items, _found: items.overdue(timezone.localdate()))
    soon = FlagFilter(
        _("Due within 7 days"), lambda items, _found: items.due_within(timezone.localdate(), SOON)
    )
    unassigned = FlagFilter(_("Without a person, date or category"), lambda items, _found: items.unassigned())
    repeat = FlagFilter(_("Repeat problems"), lambda items, found: items.repeats(found.ledger))
    carried = FlagFilter(
        _("Carried over from earlier quarters"), lambda items, found: found.carried_over(items)
    )
    passed_on = FlagFilter(_("Passed on by another unit"), lambda items, _found: items.passed_on())

    class Meta:
        model = Item
        fields: tuple[str, ...] = ()

    def __init__(
        self, data: Any, *, host: Organization, works_for_host: bool, queryset: ItemQuerySet
    ) -> None:
        """queryset: what the reader may see of the host's ledger."""
        super().__init__(data, queryset=queryset)
        self.ledger: ItemQuerySet = queryset
        self._quarters = queryset.quarter_span()
        self.filters["quarter"].extra["choices"] = [
            (str(quarter), quarter.label) for quarter in reversed(self._quarters)
        ]
        self.filters["category"].queryset = host.problem_categories.all()
        if works_for_host:
            self.filters["unit"].queryset = Organization.objects.under(host).in_own_order()
            self.filters["group"].queryset = host.groups.all()
        else:
            del self.filters["unit"], self.filters["group"]
        self.form.helper = self._laid_out()

    # --- What each does ---------------------------------------------------------------------------

    def searched(self, items: ItemQuerySet, name: str, text: str) -> ItemQuerySet:
        serial = self._serial(text)
        if serial is not None:
            return items.with_serial(serial)
        return reduce(lambda found, word: found.saying(word), text.split(), items)

    def in_state(self, items: ItemQuerySet, name: str, state: str) -> ItemQuerySet:
        return items.unsettled() if state == UNSETTLED else items.filter(state=state)

    def in_quarter(self, items: ItemQuerySet, name: str, quarter: str) -> ItemQuerySet:
        return items.in_quarter(Quarter.parse(quarter))

    def carried_over(self, items: ItemQuerySet) -> ItemQuerySet:
        """Unsettled, and of an earlier quarter than the newest the reader knows of (rule 19)."""
        return items.unsettled().before(self._quarters[-1]) if self._quarters else items.none()

    def filter_queryset(self, queryset: ItemQuerySet) -> ItemQuerySet:
        found: ItemQuerySet = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        names_withdrawn = given.get("state") == ItemState.WITHDRAWN or self._serial(given.get("q") or "")
        return found if names_withdrawn else found.counted()

    # --- What it says of itself --------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The filters that have an effect, as an address has them: always the same for the same filters."""
        return urlencode([(name, self._as_sent(name)) for name, _value in self._given()])

    @property
    def is_narrowing(self) -> bool:
        """Whether the reader asked for anything, so that an empty list does not mean an empty ledger."""
        return any(self.data.get(name) for name in self.filters)

    @property
    def problem(self) -> str:
        """One line about filters that cannot be understood; blank where all can."""
        wrong = [str(self.form.fields[name].label) for name in self.form.errors if name in self.filters]
        if not wrong:
            return ""
        return gettext("Left out, because what is asked for does not exist: %(filters)s.") % {
            "filters": gettext(", ").join(wrong)
        }

    def in_words(self) -> list[str]:
        """Each filter that has an effect, as a person would say it."""
        return [self._in_words(name, value) for name, value in self._given()]

    def in_chinese(self) -> list[str]:
        """The same for documents, which are always Chinese."""
        with translation.override("zh-hans"):
            return self.in_words()

    @property
    def sent(self) -> str:
        """The query as it came."""
        return self.data.urlencode()

    def tidied(self, sent: QueryDict, *kept: str) -> str | None:
        """The address's query without what has no effect; None where it has nothing of that.

        kept: parameters of the page that are no filters.
        """
        names = [*self.filters, *kept]
        useful = {name: sent[name] for name in names if sent.get(name, "").strip()}
        return None if useful.keys() == sent.keys() else urlencode(useful)

    def _given(self) -> Iterator[tuple[str, Any]]:
        self.errors  # noqa: B018  # validates
        given = self.form.cleaned_data
        return ((name, given[name]) for name in self.filters if given.get(name))

    def _as_sent(self, name: str) -> str:
        return "1" if name in FLAGS else str(self.data.get(name))

    def _in_words(self, name: str, value: Any) -> str:
        field = self.form.fields[name]
        if name in FLAGS:
            return str(field.label)
        if name == "q":
            return gettext("“%(words)s”") % {"words": value}
        shown = dict(field.choices).get(value, value) if isinstance(value, str) else value
        return gettext("%(filter)s: %(value)s") % {"filter": field.label, "value": shown}

    def _laid_out(self) -> Any:
        helper = fields_only()
        helper.form_show_errors = False  # `problem` says it once
        used = sum(name not in PLAIN for name, _value in self._given())
        summary = gettext("More filters (%(n)s in use)") % {"n": used} if used else gettext("More filters")
        more = [name for name in self.filters if name not in PLAIN and name not in FLAGS]
        helper.layout = Layout(
            Div(*(name for name in PLAIN if name in self.filters), css_class="filter-fields"),
            HTML(format_html("<details><summary>{}</summary>", summary)),
            Div(*more, css_class="filter-fields"),
            Div(*FLAGS, css_class="filter-flags"),
            HTML("</details>"),
        )
        return helper

    @staticmethod
    def _serial(text: str) -> Serial | None:
        try:
            return Serial.parse(unicodedata.normalize("NFKC", text))
        except ValueError:
            return None
