"""The audit trail: at the bottom, so that everything above is audited; it knows of none of it.

The pages that read it are the app `trail`, at the top.
"""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from audit import recording
        from audit.telling import tell_deeds
        from audit.triggers import install_after_migrate, lift_before_migrate

        # Django's own hooks: there is no other place where every connection, migration and log-out passes.
        connection_created.connect(tell_deeds, dispatch_uid="audit")
        pre_migrate.connect(lift_before_migrate, sender=self, dispatch_uid="audit")
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="audit")
        user_logged_out.connect(recording.record_logout, dispatch_uid="audit")
