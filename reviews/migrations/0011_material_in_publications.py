from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0010_report_acceptances")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="material",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
