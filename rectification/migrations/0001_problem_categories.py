"""Categories come from reviews: rectification files its items under them. Their table is renamed next."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("organizations", "0001_initial"), ("reviews", "0004_imports")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ProblemCategory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=50, verbose_name="category")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                        ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="problem_categories",
                                to="organizations.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "problem category",
                        "verbose_name_plural": "problem categories",
                        "ordering": ("position", "pk"),
                        "db_table": "reviews_problemcategory",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("host", "name"), name="problem_category_name_once_a_host"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
