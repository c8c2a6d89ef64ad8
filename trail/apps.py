"""The pages that read the audit trail: at the top, since they put everything into words.

What writes it is the app `audit`, at the bottom.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    name = "trail"
    verbose_name = _("Audit trail")
