"""Django's administration as this product runs it."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "organizations.admin_site.Administration"
