import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("reviews", "0003_late_reasons_and_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HeadingMeaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("heading", models.CharField(max_length=100, verbose_name="heading")),
                ("indicator", models.CharField(blank=True, max_length=100, verbose_name="indicator")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="heading_meanings",
                        to="organizations.organization",
                        verbose_name="host",
                    ),
                ),
                (
                    "remembered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="remembered by",
                    ),
                ),
                ("remembered_at", models.DateTimeField(auto_now=True, verbose_name="remembered at")),
            ],
            options={
                "verbose_name": "remembered heading",
                "verbose_name_plural": "remembered headings",
                "ordering": ("heading", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("host", "key"), name="one_meaning_a_host_and_heading")
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="importbatch",
            name="import_that_counts_has_a_time",
        ),
        migrations.AddField(
            model_name="importbatch",
            name="failure",
            field=models.CharField(blank=True, max_length=500, verbose_name="why it failed"),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="summary",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "Being checked"),
                    ("previewed", "Checked, not imported"),
                    ("importing", "Being imported"),
                    ("committed", "Imported"),
                    ("undone", "Undone"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Not imported"),
                ],
                default="previewed",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("committed", "undone")), _negated=True),
                    ("committed_at__isnull", False),
                    _connector="OR",
                ),
                name="import_that_counts_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("failure", ""), _negated=True),
                    _connector="OR",
                ),
                name="failed_import_says_why",
            ),
        ),
    ]
