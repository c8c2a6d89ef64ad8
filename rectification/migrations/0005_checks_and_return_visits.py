import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("rectification", "0004_saved_filters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(max_length=64, verbose_name="seed")),
                ("wanted", models.PositiveIntegerField(verbose_name="how many")),
                ("each_unit", models.BooleanField(verbose_name="at least one of each unit")),
                ("asked", models.CharField(blank=True, max_length=500, verbose_name="drawn among")),
                ("candidates", models.JSONField(verbose_name="candidates")),
                ("result", models.JSONField(verbose_name="drawn")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("staff", "The host's staff only"),
                            ("unit", "The unit as well"),
                            ("host", "All who work for the host as well"),
                        ],
                        max_length=5,
                    ),
                ),
                ("drawn_at", models.DateTimeField(auto_now_add=True, verbose_name="drawn at")),
                ("client_uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drawn by",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_draws",
                        to="organizations.organization",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        related_name="+", to="organizations.organization", verbose_name="units"
                    ),
                ),
            ],
            options={
                "verbose_name": "draw of return visits",
                "verbose_name_plural": "draws of return visits",
            },
        ),
        migrations.CreateModel(
            name="ReturnVisit",
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
                            ("planned", "Planned"),
                            ("passed", "Passed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="day of the visit")),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="words")),
                ("planned_at", models.DateTimeField(auto_now_add=True, verbose_name="planned at")),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="recorded at")),
                ("client_uuid", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                (
                    "draw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_visits",
                        to="rectification.returndraw",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_visits",
                        to="rectification.item",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_visit",
                        to="rectification.step",
                    ),
                ),
            ],
            options={
                "verbose_name": "return visit",
                "verbose_name_plural": "return visits",
            },
        ),
        migrations.CreateModel(
            name="ReturnVisitFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_visit_finding",
                        to="rectification.item",
                    ),
                ),
                (
                    "return_visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="rectification.returnvisit",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem found on a return visit",
                "verbose_name_plural": "problems found on return visits",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=1000, verbose_name="problem")),
                ("answer_by", models.DateField(verbose_name="answer by")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("client_uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rectification.problemcategory",
                        verbose_name="category",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_checks",
                        to="organizations.organization",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_checks",
                        to="rectification.item",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "self-check",
                "verbose_name_plural": "self-checks",
            },
        ),
        migrations.CreateModel(
            name="SelfCheckAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("not_found", "Not found with us"), ("found", "Found with us")],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="words")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "self_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="rectification.selfcheck",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_check_answers",
                        to="organizations.organization",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a self-check",
                "verbose_name_plural": "answers to self-checks",
            },
        ),
        migrations.CreateModel(
            name="SelfCheckFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="rectification.selfcheckanswer",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_check_finding",
                        to="rectification.item",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem found in a self-check",
                "verbose_name_plural": "problems found in self-checks",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ReminderSent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="day")),
                ("claimed_at", models.DateTimeField(auto_now_add=True, verbose_name="claimed at")),
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
                "verbose_name": "reminder sent",
                "verbose_name_plural": "reminders sent",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "sent_on"), name="one_reminder_a_person_a_day")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="returndraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted__gte", 1)), name="return_draw_asks_for_an_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="returndraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("seed", ""), _negated=True), name="return_draw_keeps_its_seed"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnvisit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "planned")),
                fields=("item",),
                name="one_planned_return_visit_an_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("recorded_at__isnull", True), ("recorded_by__isnull", True), ("state", "planned")
                    ),
                    models.Q(
                        models.Q(("state", "planned"), _negated=True),
                        ("recorded_at__isnull", False),
                        ("recorded_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="return_visit_is_signed_when_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("passed", "failed")),
                        ("step__isnull", False),
                        ("visited_on__isnull", False),
                    ),
                    models.Q(
                        ("state__in", ("planned", "cancelled")),
                        ("step__isnull", True),
                        ("visited_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="return_visit_made_has_its_day_and_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("failed", "cancelled")), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="return_visit_failed_or_cancelled_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="self_check_says_what_to_look_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheckanswer",
            constraint=models.UniqueConstraint(fields=("self_check", "unit"), name="unit_is_asked_once"),
        ),
        migrations.AddConstraint(
            model_name="selfcheckanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("answered_on__isnull", True),
                        ("outcome", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("answered_on__isnull", False),
                        ("outcome__in", ("found", "not_found")),
                    ),
                    _connector="OR",
                ),
                name="self_check_answer_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheckanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "not_found"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="not_found_says_how_it_was_checked",
            ),
        ),
    ]
