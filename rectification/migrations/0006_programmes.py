import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("rectification", "0005_checks_and_return_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgrammeSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="day")),
                ("topic", models.CharField(max_length=200, verbose_name="topic")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="location")),
                ("audience", models.CharField(blank=True, max_length=200, verbose_name="audience")),
                ("planned", models.PositiveIntegerField(blank=True, null=True, verbose_name="expected")),
                ("attended", models.PositiveIntegerField(blank=True, null=True, verbose_name="attended")),
                ("is_called_off", models.BooleanField(default=False, verbose_name="called off")),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ("held_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_uuid", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weak_and_lax", "Weak and lax organizations"),
                            ("transformations", "Five transformations"),
                            ("platforms", "Service platforms"),
                            ("training", "Education and training"),
                            ("other", "Other assigned work"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="task")),
                ("lead_office", models.CharField(blank=True, max_length=100, verbose_name="lead office")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=50, verbose_name="responsible person"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("number", models.PositiveSmallIntegerField(verbose_name="quarter")),
                ("origin", models.CharField(blank=True, max_length=200, verbose_name="assigned by")),
                (
                    "has_demonstrations",
                    models.BooleanField(default=False, verbose_name="has demonstration sites"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="organizations.organization",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_programmes",
                        to="organizations.organization",
                        verbose_name="lead unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
            },
        ),
        migrations.CreateModel(
            name="DueClass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                ("name", models.CharField(blank=True, max_length=30, verbose_name="class")),
                ("due_on", models.DateField(verbose_name="due date")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_classes",
                        to="rectification.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "due-date class",
                "verbose_name_plural": "due-date classes",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ProgrammeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assign", "Programme assigned"),
                            ("change", "Programme changed"),
                            ("finish", "Programme finished"),
                            ("resume", "Programme resumed"),
                            ("withdraw", "Programme withdrawn"),
                            ("add", "Added"),
                            ("name", "Persons named"),
                            ("extend", "Due date extended"),
                            ("mark", "Named demonstration site"),
                            ("unmark", "No longer demonstration site"),
                            ("take_out", "Taken out of the programme"),
                            ("put_back", "Put back"),
                            ("report", "Reported as done"),
                            ("note", "Note"),
                            ("plan", "Session planned"),
                            ("hold", "Session held"),
                            ("call_off", "Session called off"),
                            ("send_back", "Sent back to the unit"),
                            ("confirm", "Confirmed"),
                            ("reopen", "Reopened"),
                            ("complete", "All done"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("state", models.CharField(max_length=10, verbose_name="state after it")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("for_unit", models.BooleanField(default=False, verbose_name="for the unit")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="words")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=50, verbose_name="responsible person"),
                ),
                ("helper", models.CharField(blank=True, max_length=50, verbose_name="helping person")),
                ("value", models.PositiveIntegerField(blank=True, null=True, verbose_name="value")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due date")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="rectification.programme",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="rectification.programmesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a programme's log",
                "verbose_name_plural": "entries of programmes' logs",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ProgrammeFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stored_name", models.CharField(max_length=32, unique=True)),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("image/jpeg", "JPEG"),
                            ("image/png", "PNG"),
                            ("image/webp", "WebP"),
                            ("application/pdf", "PDF"),
                            (
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                "Word",
                            ),
                            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
                            ("application/msword", "Word 97–2003"),
                            ("application/vnd.ms-excel", "Excel 97–2003"),
                        ],
                        max_length=100,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="rectification.programmeentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ProgrammeRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                ("name", models.CharField(max_length=100, verbose_name="row")),
                ("standard", models.CharField(blank=True, max_length=500, verbose_name="what is asked for")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("pass", "Passed or not yet"),
                            ("percent", "Percentage"),
                            ("sessions", "Sessions held"),
                        ],
                        default="pass",
                        max_length=8,
                        verbose_name="measured by",
                    ),
                ),
                ("goal", models.PositiveSmallIntegerField(default=1, verbose_name="sessions asked for")),
                ("needs_evidence", models.BooleanField(default=False, verbose_name="evidence required")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="rectification.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a programme",
                "verbose_name_plural": "rows of programmes",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProgrammeTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weak_and_lax", "Weak and lax organizations"),
                            ("transformations", "Five transformations"),
                            ("platforms", "Service platforms"),
                            ("training", "Education and training"),
                            ("other", "Other assigned work"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="task")),
                ("classes", models.CharField(blank=True, max_length=200, verbose_name="due-date classes")),
                (
                    "has_demonstrations",
                    models.BooleanField(default=False, verbose_name="has demonstration sites"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programme_templates",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme template",
                "verbose_name_plural": "programme templates",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=50, verbose_name="responsible person"),
                ),
                ("helper", models.CharField(blank=True, max_length=50, verbose_name="helping person")),
                ("original_due_on", models.DateField(verbose_name="original due date")),
                ("due_on", models.DateField(verbose_name="due date")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Not done"), ("done", "Done"), ("out", "Taken out")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                ("is_demonstration", models.BooleanField(default=False, verbose_name="demonstration site")),
                ("progress_done", models.PositiveIntegerField(default=0)),
                ("progress_of", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "due_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="rectification.dueclass",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targeted_by",
                        to="organizations.organization",
                        verbose_name="target",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="rectification.programme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programme_targets",
                        to="organizations.organization",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
            },
        ),
        migrations.AddField(
            model_name="programmeentry",
            name="target",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="rectification.target",
            ),
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Not yet"),
                            ("reported", "Reported"),
                            ("sent_back", "Sent back"),
                            ("passed", "Passed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("value", models.PositiveSmallIntegerField(default=0, verbose_name="value")),
                (
                    "reported",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="reported value"),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="rectification.programmerow",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="rectification.target",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
            },
        ),
        migrations.AddField(
            model_name="programmesession",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="rectification.task"
            ),
        ),
        migrations.AddField(
            model_name="programmeentry",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="rectification.task",
            ),
        ),
        migrations.CreateModel(
            name="TemplateRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                ("name", models.CharField(max_length=100, verbose_name="row")),
                ("standard", models.CharField(blank=True, max_length=500, verbose_name="what is asked for")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("pass", "Passed or not yet"),
                            ("percent", "Percentage"),
                            ("sessions", "Sessions held"),
                        ],
                        default="pass",
                        max_length=8,
                        verbose_name="measured by",
                    ),
                ),
                ("goal", models.PositiveSmallIntegerField(default=1, verbose_name="sessions asked for")),
                ("needs_evidence", models.BooleanField(default=False, verbose_name="evidence required")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="rectification.programmetemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a template",
                "verbose_name_plural": "rows of templates",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(fields=["host", "state", "year", "number"], name="programme_of_host"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 4)),
                name="programme_quarter_one_to_four",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="programme_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead_unit__isnull", True), ("lead_office", ""), _connector="OR"),
                name="programme_has_one_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="dueclass",
            constraint=models.UniqueConstraint(fields=("programme", "name"), name="due_class_name_once"),
        ),
        migrations.AddConstraint(
            model_name="programmerow",
            constraint=models.UniqueConstraint(fields=("programme", "name"), name="programme_row_name_once"),
        ),
        migrations.AddConstraint(
            model_name="programmerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("goal__gte", 1)), name="programme_row_asks_for_a_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmetemplate",
            constraint=models.UniqueConstraint(
                fields=("host", "name"), name="programme_template_name_once_a_host"
            ),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(fields=["programme", "state", "original_due_on"], name="target_pressing"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("programme", "organization"), name="target_once_a_programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("original_due_on"))),
                name="target_keeps_its_original_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress_done__lte", models.F("progress_of"))),
                name="progress_is_at_most_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_on__isnull", True)),
                    _connector="OR",
                ),
                name="target_done_has_its_day",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["state"], name="task_by_state"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("target", "row"), name="task_once_a_target_and_row"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("reported__isnull", True), ("reported__lte", 100), _connector="OR"),
                name="reported_is_a_percentage",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmesession",
            constraint=models.CheckConstraint(
                condition=models.Q(("topic", ""), _negated=True), name="session_has_a_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("target__isnull", True)),
                fields=("programme", "number"),
                name="programme_entry_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("target__isnull", False), ("task__isnull", True)),
                fields=("target", "number"),
                name="target_entry_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("task__isnull", False)),
                fields=("task", "number"),
                name="task_entry_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("task__isnull", True), ("target__isnull", False), _connector="OR"),
                name="task_entry_names_its_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            [
                                "call_off",
                                "extend",
                                "finish",
                                "put_back",
                                "reopen",
                                "resume",
                                "send_back",
                                "take_out",
                                "unmark",
                                "withdraw",
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="entry_that_needs_a_reason_has_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "extend"), _negated=True), ("due_on__isnull", False), _connector="OR"
                ),
                name="entry_extends_until_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="templaterow",
            constraint=models.UniqueConstraint(fields=("template", "name"), name="template_row_name_once"),
        ),
        migrations.AddConstraint(
            model_name="templaterow",
            constraint=models.CheckConstraint(
                condition=models.Q(("goal__gte", 1)), name="template_row_asks_for_a_session"
            ),
        ),
    ]
