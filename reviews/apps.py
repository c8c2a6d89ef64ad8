from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        from audit.audited import declare
        from reviews.audited import AUDITED

        declare(AUDITED)
        # Django rebuilds a table on SQLite to alter it, and its triggers are gone without a word.
        from reviews.triggers import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
