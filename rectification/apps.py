"""What must be put right: the problems a review finds, until each is struck off.

The app stands between organizations and reviews: a deduction points at the item it raised,
an item knows nothing of scores.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = _("Rectification")

    def ready(self) -> None:
        from organizations.panels import add_unit_panel
        from rectification.unit_items import unit_panel

        add_unit_panel(unit_panel)
