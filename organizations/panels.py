"""What other parts of the product add to a unit's page, so that the page need not know them.

An app adds its panel once, when it starts (`AppConfig.ready`); imports go on running one way.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString

from organizations.models import Organization, User

# A section of the page as this user may see it of this unit, from a template; empty where there is nothing.
PanelSource = Callable[[User, Organization], SafeString]

_sources: list[PanelSource] = []


def add_unit_panel(source: PanelSource) -> None:
    """Ask this source for a panel on every unit's page; adding it twice asks once."""
    if source not in _sources:
        _sources.append(source)


def unit_panels(user: User, unit: Organization) -> list[SafeString]:
    """The panels of this unit for this user, in the order in which the apps start."""
    return [panel for source in _sources if (panel := source(user, unit))]
