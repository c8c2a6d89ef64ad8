"""For administrators: accounts, memberships, organizations, groups. Scores and standings are not for here."""

from http import HTTPStatus

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group as PermissionGroup
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from organizations.first_passwords import PASSWORD_FIELDS, mark_first_password
from organizations.models import FormerName, Group, Membership, Organization, User
from organizations.sessions import end_sessions

RIGHTS = {"is_active", "is_staff", "is_superuser"}

admin.site.site_header = _("Accounts and memberships")
admin.site.site_title = _("Quarterly review of Party building")
admin.site.index_title = _("Administration")
# What one may do follows from memberships; Django's own groups of permissions would only mislead.
admin.site.unregister(PermissionGroup)
# There the keys of second factors could be read.
admin.site.unregister([StaticDevice, TOTPDevice])


class MembershipInline(admin.TabularInline):
    """A membership ends on a day; its row tells who could do what, and stays."""

    model = Membership
    extra = 0
    autocomplete_fields = ("organization",)
    can_delete = False


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ("username", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("username", "full_name")
    inlines = (MembershipInline,)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What an account did stays under its name: it is deactivated instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """A new account's password is a first password; whoever loses or gains a right is logged out."""
        if not change:
            mark_first_password(obj)
        super().save_model(request, obj, form, change)
        if change and RIGHTS & set(form.changed_data):
            end_sessions(obj, but=request.session.session_key)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[User], formset: BaseInlineFormSet, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if change and formset.has_changed():
            end_sessions(form.instance, but=request.session.session_key)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A password set for somebody else is a first password."""
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        is_done = request.method == "POST" and answer.status_code == HTTPStatus.FOUND
        account = self.get_object(request, id)
        if is_done and account is not None and account != request.user:
            mark_first_password(account)
            account.save(update_fields=PASSWORD_FIELDS)
        return answer


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "organization", "role", "active_from", "active_to")
    list_filter = ("role",)
    search_fields = ("user__username", "user__full_name", "organization__name")
    autocomplete_fields = ("user", "organization")
    list_select_related = ("user", "organization")

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Membership, form: ModelForm[Membership], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        end_sessions(obj.user, but=request.session.session_key)


class FormerNameInline(admin.TabularInline):
    model = FormerName
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ("name", "parent", "group", "active_from", "active_to")
    search_fields = ("name", "short_name", "former_names__name")
    autocomplete_fields = ("parent", "group", "predecessors")
    list_select_related = ("parent", "group")
    ordering = ("parent", "position")
    inlines = (FormerNameInline,)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ("name", "host", "position")
    search_fields = ("name", "host__name")
    autocomplete_fields = ("host",)
    list_select_related = ("host",)
