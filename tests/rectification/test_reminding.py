"""The daily mail: one a person a day, of the own items alone, whatever runs and fails."""

import datetime
import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from organizations.changes import UnitDetails, found_unit
from organizations.models import Membership, Organization, Role, User
from rectification.closing import extend
from rectification.models import Audience, Item, ReminderSent, Source
from rectification.reminding import digests, send_reminders
from tests.factories.checks import answered, check_of, planned_return
from tests.factories.items import assigned, in_days, struck_off, submitted
from tests.factories.organizations import UnitFactory, UserFactory, somebody
from tests.reviews.importing.test_load_at_once import at_once


class Broken(EmailBackend):
    """A server that takes no mail for the people it is told of; it breaks its connection with each."""

    refused: tuple[str, ...] = ()

    def send_messages(self, messages):
        if any(set(message.to) & set(self.refused) for message in messages):
            raise ConnectionResetError
        return super().send_messages(messages)


@pytest.fixture
def broken(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    return lambda *addresses: monkeypatch.setattr(Broken, "refused", addresses)


def with_mail(user: User) -> User:
    user.email = f"{user.username}@example.test"
    user.save()
    return user


@pytest.fixture
def secretary(unit):
    return with_mail(somebody(Role.SECRETARY, unit))


@pytest.fixture
def staff(host):
    return with_mail(somebody(Role.STAFF, host))


def overdue(unit: Organization, days: int, **details) -> Item:
    """An item whose day is over; only the clock can make one, so the day is put back by hand."""
    item = assigned(unit, **details)
    day = in_days(-days)
    Item.objects.filter(pk=item.pk).update(original_due_on=day, due_on=day)
    return item


def send(on: datetime.date | None = None):
    return send_reminders(on or timezone.localdate())


def text_to(user: User) -> str:
    (message,) = [each for each in mail.outbox if each.to == [user.email]]
    return f"{message.subject}\n{message.body}"


# --- What it says --------------------------------------------------------------------------------


def test_a_unit_reads_of_what_is_overdue_and_of_what_falls_due_within_a_week(unit, secretary):
    late, soon, far = overdue(unit, 3), assigned(unit, days=7), assigned(unit, days=8)
    send()
    text = text_to(secretary)
    assert str(late.serial) in text
    assert "逾期3天" in text
    assert f"{soon.serial} {soon.text}（整改时限 {in_days(7)}）" in text
    assert str(far.serial) not in text
    assert text.startswith("整改提醒：逾期 1 项，7 天内到期 1 项")


def test_an_extension_leaves_it_overdue_from_the_original_date(unit, secretary, staff):
    item = overdue(unit, 3)
    item.refresh_from_db()
    extend(item, in_days(30), "道路施工", by=staff, seen=item.version)
    send()
    assert f"原整改时限 {in_days(-3)}，延期至 {in_days(30)}；逾期3天" in text_to(secretary)


def test_no_other_unit_is_named_and_nothing_the_user_may_not_see(unit, other_unit, secretary):
    seen = assigned(unit, days=1)
    hidden = assigned(unit, days=1, text="尚未下发的问题", audience=Audience.STAFF)
    theirs = overdue(other_unit, 5, text="别人的问题")
    send()
    text = text_to(secretary)
    assert str(seen.serial) in text
    for other in (hidden.serial, hidden.text, theirs.serial, theirs.text, other_unit.name):
        assert str(other) not in text


def test_staff_read_numbers_and_no_names(host, unit, other_unit, staff):
    overdue(unit, 1)
    overdue(unit, 40)
    assigned(other_unit, days=2)
    submitted(other_unit)
    send()
    text = text_to(staff)
    lines = ("已逾期：2 项", "7 天内到期：1 项", "待销号：1 项")
    assert [line for line in lines if line not in text] == []
    assert not re.search(r"20\d\dQ\d", text)
    assert unit.name not in text
    assert other_unit.name not in text


def test_self_checks_that_wait_are_named_and_counted(host, unit, other_unit, secretary, staff):
    check = check_of(host, days=4, text="发展党员材料不全")
    answered(check, other_unit)
    send()
    assert f"{in_days(4)} 前反馈：发展党员材料不全" in text_to(secretary)
    assert [message.to for message in mail.outbox] == [[secretary.email]]
    mail.outbox.clear()
    send(in_days(5))
    assert "逾期未反馈的自查：1 个单位" in text_to(staff)
    assert "已逾期 1 天" in text_to(secretary)


def test_planned_return_visits_are_in_no_mail_of_the_unit(unit, secretary, staff):
    assigned(unit, days=2)
    send()
    before = text_to(secretary)
    ReminderSent.objects.all().delete()
    mail.outbox.clear()
    planned_return(unit, quarter="2018Q2")
    send()
    assert text_to(secretary) == before


def test_links_begin_with_the_address_of_the_installation(unit, secretary, settings):
    item = assigned(unit, days=2)
    settings.SITE_URL = "https://review.example"
    send()
    assert f"https://review.example{item.get_absolute_url()}" in text_to(secretary)


def test_without_an_address_there_are_no_links(unit, secretary):
    assigned(unit, days=2)
    send()
    assert "/items/" not in text_to(secretary)


def test_what_only_waits_for_the_staff_is_no_reason_to_write_to_the_unit(unit, secretary):
    submitted(unit, days=3)
    struck_off(unit, days=3)
    send()
    assert mail.outbox == []
    assigned(unit, days=3)
    send()
    assert "已提交，待工作人员审核" in text_to(secretary)


def test_a_problem_in_several_lines_stays_in_one(unit, secretary):
    assigned(unit, days=2, text="一\n二")
    send()
    assert " 一 二（" in text_to(secretary)


def test_where_nothing_is_due_the_subject_says_that_something_waits(host, unit, secretary):
    check_of(host, unit)
    send()
    assert text_to(secretary).startswith("整改提醒：有事项待办理")


# --- To whom -------------------------------------------------------------------------------------


def test_whoever_has_no_address_no_membership_or_a_closed_account_gets_none(host, unit):
    assigned(unit, days=2)
    somebody(Role.SECRETARY, unit)
    ended, closed = (with_mail(somebody(Role.SECRETARY, unit)) for _ in range(2))
    Membership.objects.filter(user=ended).update(active_to=in_days(0))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with_mail(UserFactory())
    for role in (Role.LEADER, Role.INSPECTOR):
        with_mail(somebody(role, host))
    assert send().sent == 0


def test_two_memberships_make_one_mail(host, unit, other_unit, secretary):
    Membership.objects.create(user=secretary, organization=other_unit, role=Role.SECRETARY)
    Membership.objects.create(user=secretary, organization=host, role=Role.STAFF)
    items = [assigned(each, days=2) for each in (unit, other_unit)]
    assert send().sent == 1
    assert [item for item in items if str(item.serial) not in text_to(secretary)] == []


def test_the_successor_is_reminded_and_the_predecessor_no_longer(host, unit, secretary, monkeypatch):
    tomorrow = in_days(1)
    assigned(unit, days=2)
    details = UnitDetails("新镇党委", active_from=tomorrow)
    new = with_mail(somebody(Role.SECRETARY, found_unit(host, details, predecessors=[unit], ending=tomorrow)))
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert send().passed_on == 1
    assert [message.to for message in mail.outbox] == [[new.email]]


def test_nobody_is_written_to_without_a_reason(unit, secretary, staff):
    assigned(unit, days=30)
    assert send().sent == 0


# --- How often -----------------------------------------------------------------------------------


def test_one_mail_a_day_however_often_it_runs(unit, secretary):
    assigned(unit, days=2)
    assert [send().sent for _ in range(3)] == [1, 0, 0]
    assert send(in_days(1)).sent == 1


def test_a_mail_that_failed_is_tried_again_and_keeps_nobody_else_from_theirs(unit, broken):
    assigned(unit, days=2)
    people = [with_mail(somebody(Role.SECRETARY, unit)) for _ in range(3)]
    broken(people[1].email)
    run = send()
    assert (run.sent, run.failed) == (2, 1)
    broken()
    run = send()
    assert (run.sent, run.sent_before) == (1, 2)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)


def test_the_log_of_a_mail_that_failed_names_nobody(unit, secretary, broken, caplog):
    assigned(unit, days=2)
    broken(secretary.email)
    send()
    (line,) = (record.getMessage() for record in caplog.records if record.name == "rectification.reminding")
    assert f"account {secretary.pk} " in line
    assert secretary.username not in caplog.text
    assert secretary.email not in caplog.text


def test_a_crash_while_sending_never_sends_two(unit, secretary, monkeypatch):
    assigned(unit, days=2)

    class Crash(BaseException):
        """The process ends: nothing after it runs."""

    def crash(*args):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", crash)
        with pytest.raises(Crash):
            send()
    run = send()
    assert (run.sent, run.sent_before, mail.outbox) == (0, 1, [])


@pytest.mark.django_db(transaction=True)
def test_runs_that_start_at_once_send_one_mail_each_person(unit):
    assigned(unit, days=2)
    people = [with_mail(somebody(Role.SECRETARY, unit)) for _ in range(5)]
    runs = at_once(*[send] * 6)
    assert sum(run.sent for run in runs) == 5
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)


# --- The command ---------------------------------------------------------------------------------


def test_the_command_ends_with_a_summary(unit, secretary, capsys):
    assigned(unit, days=2)
    call_command("remind")
    assert capsys.readouterr().out.splitlines()[-1] == "已发送：1；今日已提醒：0；失败：0；移交事项：0。"


def test_the_command_fails_where_a_mail_failed_and_names_the_account_alone(unit, secretary, broken, capsys):
    assigned(unit, days=2)
    broken(secretary.email)
    with pytest.raises(CommandError, match=secretary.username):
        call_command("remind")
    assert "失败：1" in capsys.readouterr().out


def test_a_dry_run_prints_the_mails_and_changes_nothing(host, unit, secretary, capsys):
    item = assigned(unit, days=2)
    call_command("remind", "--dry-run")
    said = capsys.readouterr().out
    assert str(item.serial) in said
    assert f"<{secretary.email}>" in said
    assert (mail.outbox, ReminderSent.objects.count()) == ([], 0)


def test_a_dry_run_passes_nothing_on(host, unit):
    item = assigned(unit, days=2, source=Source.VISIT)
    Organization.objects.filter(pk=unit.pk).update(active_to=in_days(0))
    UnitFactory(parent=host, name="新镇党委").predecessors.add(unit)
    call_command("remind", "--dry-run")
    item.refresh_from_db()
    assert item.unit == unit


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_persons_mail_costs_the_same_for_any_number_of_items(
    unit, secretary, rows, django_assert_num_queries
):
    for number in range(rows):
        assigned(unit, days=2, text=f"问题{number}")
    with django_assert_num_queries(4):
        assert len([digest.body for digest in digests(timezone.localdate())]) == 1
