"""The first world: the district of the pages, with more at the other units that a unit may not know."""

from __future__ import annotations

from django.utils import timezone

from organizations.models import Organization, Role, User
from rectification.evidence import NewFile
from rectification.models import Audience, SavedFilter
from reviews.models import BatchChange, CycleState, HeadingMeaning, ImportBatch, ReviewCycle, Score
from tests.factories.documents import pdf
from tests.factories.items import assigned, proof, raised
from tests.factories.organizations import somebody
from tests.factories.pages import District, district_of_pages
from tests.factories.programmes import TRAINING, assigned_to, held, reported, target_of, task_of
from tests.factories.replies import deduction_of, replied


def district_of_secrets() -> District:
    """Each table of `changing.CHANGES` has something that the secretary of `keys["unit"]` may not know."""
    district = district_of_pages()
    unit = Organization.objects.select_related("parent").get(pk=district.keys["unit"])
    host, staff = unit.parent, district.people["staff"]
    assert host is not None
    first, second = host.units.get(name="甲镇党委"), host.units.get(name="丁镇党委")
    replying, _running = _cycles(host)
    for other in (first, second):
        replied(
            deduction_of(replying, other.name),
            "签到表在镇档案室",
            proof("签到表.jpg"),
            NewFile("说明.pdf", pdf()),
        )
        assigned(other, quarter="2019Q1", days=3, audience=Audience.STAFF)
    raised(unit, quarter="2018Q4", audience=Audience.STAFF)
    _programmes(first, second, staff)
    _imports(district)
    SavedFilter.objects.create(user=staff, host=host, name="逾期", query="overdue=1")
    secretary = district.people["secretary"]
    secretary.email = "secretary@unit.example"
    secretary.save(update_fields=["email"])
    return district


def _cycles(host: Organization) -> tuple[ReviewCycle, ReviewCycle]:
    """The one that takes replies and the one that takes scores."""
    return host.cycles.get(state=CycleState.REPLY), host.cycles.get(state=CycleState.OPEN)


def _programmes(first: Organization, second: Organization, staff: User) -> None:
    secretary = somebody(Role.SECRETARY, first)
    training = assigned_to(first, second, template=TRAINING, by=staff)
    held(task_of(target_of(training, first)), by=secretary)
    rows = assigned_to(first, second, by=staff)
    reported(task_of(target_of(rows, first), "支部设置标准化"), by=secretary, files=True)


def _imports(district: District) -> None:
    """One workbook that gave a score of another unit, and a heading whose meaning was told."""
    staff = district.people["staff"]
    _replying, cycle = _cycles(Organization.objects.get(pk=district.keys["unit"]).parent)
    batch = ImportBatch.objects.create(
        cycle=cycle, state="committed", file_name="第四季度.xlsx", stored_name="0" * 32, sha256="0" * 64,
        uploaded_by=staff, committed_at=timezone.now(), new_count=1, summary={"units": 1},
    )  # fmt: skip
    score = Score.objects.in_cycle(cycle).given().first()
    assert score is not None
    BatchChange.objects.create(batch=batch, score=score, is_new=True, version_after=score.version)
    HeadingMeaning.objects.create(
        host=cycle.host, key="三会", heading="三会", indicator="三会一课", remembered_by=staff
    )
