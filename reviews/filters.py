"""What lists are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import Group, Organization
from organizations.quarter import FIRST_YEAR, LAST_YEAR
from reviews.forms import laid_out
from reviews.models import ReviewCycle, Rubric, RubricState


class YearFilter(django_filters.Filter):
    """A whole year in the range of quarters: a number filter would expand any exponent it is given."""

    field_class = forms.IntegerField

    def __init__(self) -> None:
        super().__init__(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class CycleFilter(django_filters.FilterSet):
    """Cycles by year. Not by state: while a correction is made, a unit would learn of it (rule 15)."""

    year = YearFilter()

    class Meta:
        model = ReviewCycle
        fields = ("year",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.helper = laid_out("year", has_tag=False)


class RubricFilter(django_filters.FilterSet):
    """Rubrics by year, group and state."""

    year = YearFilter()
    group = django_filters.ModelChoiceFilter(
        label=_("Group"), queryset=Group.objects.none(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=RubricState.choices, empty_label=_("All"))

    class Meta:
        model = Rubric
        fields = ("year", "group", "state")

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = host.groups.all()
        self.form.helper = laid_out("year", "group", "state", has_tag=False)
