"""Django's administration with one door: our own log-in."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "organizations.administration.AdministrationSite"
