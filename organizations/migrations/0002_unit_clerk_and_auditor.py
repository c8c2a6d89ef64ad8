from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("staff", "Organization-department staff"),
                    ("leader", "Leader"),
                    ("inspector", "Inspector"),
                    ("administrator", "Administrator"),
                    ("auditor", "Auditor"),
                    ("secretary", "Unit secretary"),
                    ("clerk", "Unit clerk"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
    ]
