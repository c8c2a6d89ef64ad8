"""For administrators: accounts, memberships, organizations, groups. Scores and standings are not for here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group as PermissionGroup
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from organizations.models import FormerName, Group, Membership, Organization, User

admin.site.site_header = _("Accounts and memberships")
admin.site.site_title = _("Quarterly review of Party building")
admin.site.index_title = _("Administration")
# What one may do follows from memberships; Django's own groups of permissions would only mislead.
admin.site.unregister(PermissionGroup)
# There the keys of second factors could be read.
admin.site.unregister([StaticDevice, TOTPDevice])


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("organization",)


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


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "organization", "role", "active_from", "active_to")
    list_filter = ("role",)
    search_fields = ("user__username", "user__full_name", "organization__name")
    autocomplete_fields = ("user", "organization")
    list_select_related = ("user", "organization")


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
