import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from rectification.models.item import DueOrNever


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("rectification", "0003_item_client_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="name")),
                ("query", models.CharField(max_length=2000, verbose_name="filter")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                fields=("user", "host", "name"), name="saved_filter_name_once_a_user_and_host"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("query", ""), _negated=True)
                ),
                name="saved_filter_has_a_name_and_narrows",
            ),
        ),
        # Without the day for items that have none, and the serial number, no index gives the ledger's order:
        # a host's every item would be sorted for each page.
        migrations.RemoveIndex(model_name="item", name="item_pressing"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("host"),
                models.F("is_closed"),
                DueOrNever("original_due_on"),
                models.F("year"),
                models.F("number"),
                models.F("sequence"),
                name="item_pressing",
            ),
        ),
    ]
