"""How a host's documents are headed and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization

if TYPE_CHECKING:
    from organizations.models import User


class Letterhead(models.TextChoices):
    NONE = "none", _("No letterhead")
    PREPRINTED = "preprinted", _("Pre-printed letterhead (leave the space)")
    ELECTRONIC = "electronic", _("Electronic letterhead")


class DocumentSettings(models.Model):
    """What a host's documents print besides their figures; blank fields are left out of the document.

    A publication freezes them (rule 14): a change shows in what is published after it.
    """

    host = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="document_settings")
    issuer = models.CharField(_("issuer"), max_length=100, blank=True, help_text=_("Blank: the host's name."))
    area = models.CharField(
        _("area"), max_length=20, blank=True, default="全区", help_text=_("For example 全区, 全县 or 全市.")
    )
    addressee = models.CharField(
        _("addressee"), max_length=200, blank=True, default="各乡镇（街道）党（工）委，区直各系统单位党组织"
    )
    copies_to = models.CharField(_("copies to"), max_length=200, blank=True)
    letterhead = models.CharField(_("letterhead"), max_length=12, choices=Letterhead, default=Letterhead.NONE)
    mark = models.CharField(
        _("issuer's mark"),
        max_length=50,
        blank=True,
        help_text=_("The red words of the letterhead. Blank: the issuer's name and 文件."),
    )
    is_sealed = models.BooleanField(
        _("signature with a seal"),
        default=True,
        help_text=_("Leaves the room above the date that the seal needs."),
    )
    imprint_office = models.CharField(
        _("printing office"),
        max_length=100,
        blank=True,
        help_text=_("Named in the imprint, for example 区委组织部办公室. Blank: the issuer."),
    )
    speaker = models.CharField(
        _("speaker"),
        max_length=50,
        blank=True,
        help_text=_("Who gives the speech, for example 区委组织部部长. Blank: the issuer."),
    )
    meeting = models.CharField(
        _("meeting"),
        max_length=50,
        blank=True,
        help_text=_(
            "Where the speech is given, for example 全区基层党建工作点评会. Blank: named after the quarter."
        ),
    )

    class Meta:
        verbose_name = _("document settings")
        verbose_name_plural = _("document settings")

    def __str__(self) -> str:
        return str(self.host)

    @classmethod
    def of_host(cls, host: Organization) -> Self:
        """The host's settings, or unsaved ones with what is usual."""
        return cls.objects.filter(host=host).first() or cls(host=host)


class TemplateKind(models.TextChoices):
    """What a style template is for: documents with a red head, and speeches."""

    CIRCULAR = "circular", _("Circulars and notices")
    SPEECH = "speech", _("Speeches")


class DocumentTemplateQuerySet(models.QuerySet["DocumentTemplate"]):
    def visible_to(self, user: User) -> Self:
        """Those who set how documents look: the host's staff."""
        return self.filter(host__in=user.access.draft_host_ids)

    def of_host(self, host: Organization) -> Self:
        return self.filter(host=host)


class DocumentTemplate(models.Model):
    """The Word template that a host prints its documents of a kind with, instead of the standard one.

    Layout only: what is printed comes from the publication, so the template in use now prints old ones too.
    """

    FOLDER = "templates"

    host = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="document_templates")
    kind = models.CharField(_("kind"), max_length=10, choices=TemplateKind)
    stored_name = models.CharField(max_length=32, unique=True)
    original_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("document template")
        verbose_name_plural = _("document templates")
        constraints = (
            models.UniqueConstraint(fields=("host", "kind"), name="one_document_template_a_host_and_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=TemplateKind.values), name="document_template_of_a_known_kind"
            ),
        )

    def __str__(self) -> str:
        return self.original_name
