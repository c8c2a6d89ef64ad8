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
        from audit.audited import declare
        from organizations.panels import add_unit_panel
        from rectification.audited import AUDITED
        from rectification.unit_items import unit_panel

        declare(AUDITED)
        add_unit_panel(unit_panel)
        # Organizations stand below and know nothing of items; rule 24 makes these follow their units.
        from organizations.changes import after_change
        from rectification.programme_succession import pass_on_targets
        from rectification.succession import pass_on_to_successors

        after_change.extend((pass_on_to_successors, pass_on_targets))
