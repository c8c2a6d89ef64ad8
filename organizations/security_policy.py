"""What a host asks of those who log in to publish its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from organizations.models import Organization, User


class SecurityPolicyQuerySet(models.QuerySet["SecurityPolicy"]):
    def demanding_of(self, user: User) -> Self:
        """Those that ask this user for a second factor: of the hosts whose results the user may publish."""
        demanding = self.filter(second_factor_required=True)
        return demanding if user.is_superuser else demanding.filter(host__in=user.access.staffed_host_ids)


class SecurityPolicy(models.Model):
    """What a host asks of those who publish its results or administer its accounts."""

    host = models.OneToOneField(
        "organizations.Organization",
        on_delete=models.CASCADE,
        related_name="security_policy",
        verbose_name=_("host"),
    )
    second_factor_required = models.BooleanField(
        _("ask for a code from the phone as well"),
        default=False,
        help_text=_(
            "Of whoever publishes, corrects, steps back or grants rights for this host. "
            "Those who have not set it up yet are led there."
        ),
    )

    objects = SecurityPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("security policy")
        verbose_name_plural = _("security policies")

    def __str__(self) -> str:
        return str(self.host)

    @classmethod
    def of_host(cls, host: Organization) -> SecurityPolicy:
        """The host's policy, or an unsaved one with what is usual."""
        return cls.objects.filter(host=host).first() or cls(host=host)
