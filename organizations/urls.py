"""Accounts, help, units and the roster."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from organizations.forms import LoginForm
from organizations.views import accounts

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
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password-change"),
    path("host/", accounts.host_choose, name="host-choose"),
    path("text-size/", accounts.text_size, name="text-size"),
    path("help/", accounts.help_page, name="help"),
]
