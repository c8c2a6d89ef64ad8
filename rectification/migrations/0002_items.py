import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("rectification", "0001_problem_categories"),
        ("reviews", "0005_categories_to_rectification"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelTable(
            name="problemcategory",
            table=None,
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("number", models.PositiveSmallIntegerField(verbose_name="quarter")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the quarter")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "District visit"),
                            ("self", "Self-found"),
                            ("superior", "Superior's inspection"),
                            ("return_visit", "Return visit"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                ("indicator", models.CharField(blank=True, max_length=100, verbose_name="indicator")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="location")),
                ("text", models.CharField(max_length=1000, verbose_name="problem")),
                ("found_on", models.DateField(verbose_name="found on")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=50, verbose_name="responsible person"),
                ),
                ("measures", models.CharField(blank=True, max_length=1000, verbose_name="measures")),
                (
                    "original_due_on",
                    models.DateField(blank=True, null=True, verbose_name="original due date"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due date")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("struck_off", "Struck off"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("is_closed", models.BooleanField(default=False, verbose_name="closed")),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="answer")),
                ("struck_off_on", models.DateField(blank=True, null=True, verbose_name="struck off on")),
                (
                    "times_returned",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times returned"),
                ),
                ("relapses", models.PositiveSmallIntegerField(default=0, verbose_name="relapses")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("staff", "The host's staff only"),
                            ("unit", "The unit as well"),
                            ("host", "All who work for the host as well"),
                        ],
                        default="staff",
                        max_length=5,
                        verbose_name="who sees it",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="rectification.problemcategory",
                        verbose_name="category",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.group",
                        verbose_name="group",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger",
                        to="organizations.organization",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="rectification.item",
                    ),
                ),
                (
                    "origin_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="raised with",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="organizations.organization",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification item",
                "verbose_name_plural": "rectification items",
            },
        ),
        migrations.CreateModel(
            name="Step",
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
                            ("raise", "Raised"),
                            ("send", "Sent"),
                            ("assign", "Assigned"),
                            ("note", "Progress note"),
                            ("submit", "Submitted"),
                            ("return", "Returned"),
                            ("strike_off", "Struck off"),
                            ("extend", "Extended"),
                            ("reopen", "Reopened"),
                            ("hold_up", "Return visit passed"),
                            ("relapse", "Return visit failed"),
                            ("pass_on", "Passed on to the successor"),
                            ("confirm", "Found again, credited as self-found"),
                            ("merge", "Merged"),
                            ("withdraw", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("struck_off", "Struck off"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="state after it",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("for_unit", models.BooleanField(default=False, verbose_name="for the unit")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="words")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=50, verbose_name="responsible person"),
                ),
                ("measures", models.CharField(blank=True, max_length=1000, verbose_name="measures")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due date")),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "The host's staff only"),
                            ("unit", "The unit as well"),
                            ("host", "All who work for the host as well"),
                        ],
                        max_length=5,
                        verbose_name="who sees it",
                    ),
                ),
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
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rectification.problemcategory",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.group",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="rectification.item",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rectification.item",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an item",
                "verbose_name_plural": "steps of items",
                "ordering": ("item", "number"),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="rectification.step",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("pk",),
            },
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["host", "is_closed", "original_due_on"], name="item_pressing"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["unit", "category", "year", "number"], name="item_same_category"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["unit", "indicator", "year", "number"], name="item_same_indicator"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("host", "year", "number", "sequence"), name="item_serial_once_a_host"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 4)), name="item_quarter_one_to_four"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="item_says_what_is_wrong"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("submitted", "returned", "struck_off")), _negated=True),
                    models.Q(
                        models.Q(("responsible", ""), _negated=True),
                        ("category__isnull", False),
                        ("due_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="item_leaves_open_with_person_and_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", True), ("original_due_on__isnull", True)),
                    models.Q(
                        ("due_on__gte", models.F("original_due_on")), ("original_due_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="item_keeps_its_original_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "struck_off"), ("struck_off_on__isnull", False)),
                    models.Q(
                        models.Q(("state", "struck_off"), _negated=True), ("struck_off_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="item_struck_off_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_closed", True), ("state__in", ("struck_off", "withdrawn"))),
                    models.Q(("is_closed", False), ("state__in", ("open", "submitted", "returned"))),
                    _connector="OR",
                ),
                name="item_is_closed_with_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("state", "withdrawn"), _connector="OR"),
                name="merged_item_counts_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("item", "number"), name="step_taken_once"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "raise"), ("number", 1)),
                    models.Q(("number__gt", 1), models.Q(("kind", "raise"), _negated=True)),
                    _connector="OR",
                ),
                name="item_begins_with_raising",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("return", "extend", "reopen", "relapse", "withdraw", "submit")),
                        _negated=True,
                    ),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="step_that_needs_a_reason_has_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "extend"), _negated=True), ("due_on__isnull", False), _connector="OR"
                ),
                name="extension_says_until_when",
            ),
        ),
    ]
