"""The administration holds accounts and nothing of the reviews (rule 15)."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

# What a task of the background leaves behind may quote a workbook.
admin.site.unregister(DBTaskResult)
