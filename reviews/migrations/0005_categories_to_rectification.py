"""Problems are filed under rectification's categories: the same rows, of another app."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_problem_categories"), ("reviews", "0004_imports")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="problem",
                    name="category",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="rectification.problemcategory",
                    ),
                ),
                migrations.DeleteModel(name="ProblemCategory"),
            ],
        ),
    ]
