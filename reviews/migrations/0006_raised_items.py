import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0002_items"),
        ("reviews", "0005_categories_to_rectification"),
    ]

    operations = [
        migrations.AddField(
            model_name="deduction",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deductions",
                to="rectification.item",
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="problems",
                to="rectification.item",
            ),
        ),
    ]
