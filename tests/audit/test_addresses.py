"""Where a request comes from: what proxies of our own say, and nothing that anybody claims."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from audit.addresses import NOWHERE, client_address


@pytest.fixture
def asked_from(settings):
    """asked_from(address, forwarded="…", proxies=0) → the address that counts."""

    def asked_from(address, forwarded=None, proxies=0):
        settings.TRUSTED_PROXIES = proxies
        headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
        return client_address(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))

    return asked_from


def test_without_a_proxy_nothing_is_believed_but_the_connection(asked_from):
    assert asked_from("10.0.0.7") == "10.0.0.7"
    assert asked_from("10.0.0.7", forwarded="192.0.2.1") == "10.0.0.7"


@pytest.mark.parametrize("forwarded", ["10.0.0.7", "192.0.2.1, 10.0.0.7", "x, , 192.0.2.1,10.0.0.7 "])
def test_behind_a_proxy_the_entry_that_it_wrote_counts(asked_from, forwarded):
    assert asked_from("127.0.0.1", forwarded, proxies=1) == "10.0.0.7"


def test_behind_two_proxies_the_outer_one_tells(asked_from):
    assert asked_from("127.0.0.1", "192.0.2.1, 10.0.0.7, 172.16.0.1", proxies=2) == "10.0.0.7"


def test_whoever_reaches_us_past_a_proxy_counts_by_the_connection(asked_from):
    assert asked_from("10.0.0.9", "192.0.2.1", proxies=2) == "10.0.0.9"


def test_an_ipv6_address_counts_as_its_network(asked_from):
    assert asked_from("2001:db8:1:2:aaaa::1") == asked_from("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::"
    assert asked_from("2001:db8:1:3::1") != asked_from("2001:db8:1:2::1")
    assert asked_from("::ffff:10.0.0.7") == "10.0.0.7"


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_without_any_address_there_is_one_for_all(asked_from, address):
    assert asked_from(address) == NOWHERE


@given(claimed=st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_no_claim_changes_who_asks(claimed):
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"{claimed}, 10.0.0.7")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.TRUSTED_PROXIES", 1)
        assert client_address(request) == "10.0.0.7"
