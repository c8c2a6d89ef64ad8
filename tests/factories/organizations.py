"""Hosts, groups, units and the people who act for them."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory, Password

from organizations.models import FormerName, Group, Membership, Organization, Role, User

PASSWORD = "quarterly review 2018"


class HostFactory(DjangoModelFactory[Organization]):
    """A reviewing organization with one group; `group=None` for one that has none yet."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    name = factory.Sequence("某区{}委组织部".format)
    group = factory.RelatedFactory("tests.factories.organizations.GroupFactory", "host")


class GroupFactory(DjangoModelFactory[Group]):
    class Meta:
        model = Group

    host = factory.SubFactory(HostFactory, group=None)
    name = "乡镇（街道）"
    position = 1


class UnitFactory(DjangoModelFactory[Organization]):
    """A unit in its host's first group. parent: the host, or the unit above a sub-unit."""

    class Meta:
        model = Organization

    parent = factory.SubFactory(HostFactory)
    name = factory.Sequence("第{}镇党委".format)
    group = factory.LazyAttribute(lambda unit: unit.parent.groups.first())
    position = factory.Sequence(lambda number: number + 1)


class FormerNameFactory(DjangoModelFactory[FormerName]):
    class Meta:
        model = FormerName

    organization = factory.SubFactory(UnitFactory)
    name = factory.Sequence("原第{}乡党委".format)


class UserFactory(DjangoModelFactory[User]):
    """An account that acts for nobody."""

    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    password = Password(PASSWORD)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(HostFactory)
    role = Role.STAFF


def somebody(role: Role, organization: Organization) -> User:
    """An account that acts for this organization in this role."""
    return MembershipFactory(organization=organization, role=role).user
