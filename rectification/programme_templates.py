"""What programmes are made of: the five built-in templates and a host's own, copied from them and edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import Organization
from organizations.names import clean_text
from rectification.models import ProgrammeKind, ProgrammeTemplate, TemplateRow
from rectification.models.programme import ChecklistRow
from rectification.programme_progress import Measure
from rectification.stepping import StepRefused


@dataclass(frozen=True)
class NewRow:
    """A row of a checklist. goal: of sessions, how many at least."""

    name: str
    standard: str = ""
    measure: Measure = Measure.PASS
    goal: int = 1
    needs_evidence: bool = False


@dataclass(frozen=True)
class Template:
    """What a programme starts from. key: of a built-in one its slug, of a host's own its number.

    classes: the names of its due-date classes; without any it has one due date.
    """

    key: str
    kind: ProgrammeKind
    name: str
    text: str = ""
    classes: tuple[str, ...] = ()
    rows: tuple[NewRow, ...] = ()
    has_demonstrations: bool = False

    @property
    def is_own(self) -> bool:
        return self.key.isdigit()


def _rows(*names: str, needs_evidence: bool = False) -> tuple[NewRow, ...]:
    return tuple(NewRow(name, needs_evidence=needs_evidence) for name in names)


# The words are those of the documents, which are always Chinese. Sources differ about the six of "六个一":
# a host copies the template and writes its own.
BUILT_IN = (
    Template(
        "weak-and-lax",
        ProgrammeKind.WEAK_AND_LAX,
        "软弱涣散基层党组织整顿",
        "逐个落实“六个一”措施，整顿到位一个、验收销号一个。",
        ("一类", "二类"),
        _rows(
            "一名领导联系包抓",
            "一个后盾单位帮扶",
            "一名第一书记驻村",
            "一支工作队进驻",
            "一套整顿方案",
            "一本工作台账",
            needs_evidence=True,
        ),
    ),
    Template(
        "five-transformations",
        ProgrammeKind.TRANSFORMATIONS,
        "党支部“五化”建设",
        "对照标准逐个支部验收达标，培树示范点。",
        (),
        _rows("支部设置标准化", "组织生活正常化", "管理服务精细化", "工作制度体系化", "阵地建设规范化"),
        has_demonstrations=True,
    ),
    Template(
        "service-platforms",
        ProgrammeKind.PLATFORMS,
        "综合服务平台建设",
        "按进度推进综合服务平台建设，按时建成投用。",
        (),
        (NewRow("建设进度", measure=Measure.PERCENT),),
    ),
    Template(
        "training",
        ProgrammeKind.TRAINING,
        "党员教育培训",
        "按计划分期举办培训，记录应到和实到人数。",
        (),
        (NewRow("培训班次", measure=Measure.SESSIONS, goal=4),),
    ),
    Template(
        "other-work",
        ProgrammeKind.OTHER,
        "其他重点工作",
        "送课下乡、青年沙龙、半边天讲堂、红色基因传承、抓党建促乡村振兴等，明确牵头单位和完成时限。",
        (),
        (NewRow("按要求完成", needs_evidence=True),),
    ),
)


def offered_templates(host: Organization) -> list[Template]:
    """What a programme of this host can start from, its own first. Two queries."""
    own = host.programme_templates.offered().prefetch_related("rows")
    return [*map(as_template, own), *BUILT_IN]


def template_of(host: Organization, key: str) -> Template | None:
    """The template under this key, whether the host offers it or not; None where there is none."""
    built_in = next((each for each in BUILT_IN if each.key == key), None)
    if built_in is not None or not (key.isascii() and key.isdigit() and len(key) <= 18):
        return built_in
    own = host.programme_templates.filter(pk=int(key)).prefetch_related("rows").first()
    return as_template(own) if own else None


def as_template(own: ProgrammeTemplate) -> Template:
    return Template(
        key=str(own.pk),
        kind=ProgrammeKind(own.kind),
        name=own.name,
        text=own.text,
        classes=tuple(own.classes.splitlines()),
        rows=tuple(map(as_row, own.rows.all())),
        has_demonstrations=own.has_demonstrations,
    )


def as_row(row: ChecklistRow) -> NewRow:
    return NewRow(row.name, row.standard, Measure(row.measure), row.goal, row.needs_evidence)


@transaction.atomic
def copy_template(host: Organization, template: Template) -> ProgrammeTemplate:
    """A template of the host's own with the same content, under a name that is free."""
    Organization.objects.select_for_update().get(pk=host.pk)
    taken = set(host.programme_templates.values_list("name", flat=True))
    names = (f"{template.name[:90]}（{number}）" for number in range(2, len(taken) + 3))
    name = template.name if template.name not in taken else next(each for each in names if each not in taken)
    own = ProgrammeTemplate(host=host, kind=template.kind, name=name)
    return _written(own, replace(template, name=name))


@transaction.atomic
def rewrite_template(own: ProgrammeTemplate, template: Template) -> ProgrammeTemplate:
    """Give the host's own template this content; programmes made of it before keep theirs.

    Raises StepRefused for a name that another template has, or rows that do not make a checklist.
    """
    Organization.objects.select_for_update().get(pk=own.host_id)
    if own.host.programme_templates.exclude(pk=own.pk).filter(name=template.name).exists():
        raise StepRefused(_("There is another template of this name."))
    require_checklist(template.rows)
    return _written(ProgrammeTemplate.objects.get(pk=own.pk), template)


def offer_template(own: ProgrammeTemplate, is_offered: bool) -> None:
    """Offer it for new programmes, or no longer."""
    ProgrammeTemplate.objects.filter(pk=own.pk).update(is_active=is_offered)


def require_checklist(rows: Sequence[NewRow]) -> None:
    """Raises StepRefused unless the rows make a checklist."""
    names = [row.name for row in rows]
    if not names:
        raise StepRefused(_("A checklist has at least one row."))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StepRefused(_("“%(name)s” is given twice.") % {"name": twice})


def _written(own: ProgrammeTemplate, template: Template) -> ProgrammeTemplate:
    own.name = clean_text(template.name)
    own.text = template.text
    own.classes = "\n".join(dict.fromkeys(filter(None, map(clean_text, template.classes))))
    own.has_demonstrations = template.has_demonstrations
    own.save()
    own.rows.all().delete()
    TemplateRow.objects.bulk_create(
        [
            TemplateRow(
                template=own,
                position=position,
                name=row.name,
                standard=row.standard,
                measure=row.measure,
                goal=row.goal,
                needs_evidence=row.needs_evidence,
            )
            for position, row in enumerate(template.rows, 1)
        ]
    )
    return own
