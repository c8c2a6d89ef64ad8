"""Accounts, help, units and the roster."""

from django.contrib.auth.views import LoginView
from django.urls import path

from organizations.forms import LoginForm
from organizations.views import accounts, roster_import, units

app_name = "organizations"

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            template_name="organizations/login.html",
            authentication_form=LoginForm,
            redirect_authenticated_user=True,
        ),
        name="login",
    ),
    path("logout/", accounts.LogOut.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password-change"),
    path("host/", accounts.host_choose, name="host-choose"),
    path("text-size/", accounts.text_size, name="text-size"),
    path("help/", accounts.help_page, name="help"),
    path("units/", units.unit_list, name="unit-list"),
    path("units.<str:extension>", units.unit_export, name="unit-export"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/import/", roster_import.unit_import, name="unit-import"),
    path("units/import/preview/", roster_import.unit_import_preview, name="unit-import-preview"),
    path("units/import/template.xlsx", roster_import.unit_template, name="unit-template"),
    path("units/<int:pk>/", units.unit_detail, name="unit-detail"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit-edit"),
    path("units/<int:pk>/close/", units.unit_close, name="unit-close"),
    path("units/<int:pk>/reopen/", units.unit_reopen, name="unit-reopen"),
]
