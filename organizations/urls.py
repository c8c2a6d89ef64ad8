"""Accounts, help, units and the roster."""

from django.urls import path

from organizations.views import account_administration as administration
from organizations.views import (
    account_import,
    accounts,
    login,
    roster_import,
    second_factor,
    sessions,
    units,
)

app_name = "organizations"

urlpatterns = [
    path("login/", login.Login.as_view(), name="login"),
    path("login/code/", login.code, name="login-code"),
    path("confirm/", login.confirm, name="confirm"),
    path("second-factor/", second_factor.page, name="second-factor"),
    path("second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
    path("second-factor/recovery-codes/", second_factor.codes, name="second-factor-codes"),
    path("second-factor/turn-off/", second_factor.off, name="second-factor-off"),
    path("settings/security/", second_factor.policy, name="security-policy"),
    path("logout/", accounts.LogOut.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password-change"),
    path("host/", accounts.host_choose, name="host-choose"),
    path("text-size/", accounts.text_size, name="text-size"),
    path("help/", accounts.help_page, name="help"),
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/end/", sessions.session_end, name="session-end"),
    path("accounts/", administration.account_list, name="account-list"),
    path("accounts/new/", administration.new_account, name="account-new"),
    path("accounts/grant/", administration.grant, name="account-grant-by-name"),
    path("accounts/import/", account_import.account_import, name="account-import"),
    path("accounts/import/preview/", account_import.import_accounts, name="account-import-preview"),
    path("accounts/import/template.xlsx", account_import.account_template, name="account-template"),
    path("accounts/<key:pk>/", administration.account_detail, name="account-detail"),
    path("accounts/<key:pk>/grant/", administration.grant, name="account-grant"),
    path("accounts/<key:pk>/password/", administration.first_password, name="account-first-password"),
    path("accounts/<key:pk>/unlock/", administration.unlock, name="account-unlock"),
    path(
        "accounts/<key:pk>/second-factor/off/",
        administration.second_factor_off,
        name="account-second-factor-off",
    ),
    path("accounts/<key:pk>/deactivate/", administration.account_deactivate, name="account-deactivate"),
    path("accounts/<key:pk>/reactivate/", administration.account_reactivate, name="account-reactivate"),
    path(
        "accounts/<key:pk>/memberships/<key:membership>/until/",
        administration.membership_until,
        name="membership-until",
    ),
    path("accounts/<key:pk>/memberships/<key:membership>/end/", administration.end, name="membership-end"),
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
