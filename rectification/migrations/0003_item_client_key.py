from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("rectification", "0002_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="client_uuid",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_uuid__isnull", False)),
                fields=("host", "client_uuid"),
                name="item_raised_once_a_form",
            ),
        ),
    ]
