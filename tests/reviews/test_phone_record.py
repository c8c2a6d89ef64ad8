"""What a phone sends is read whole, or not at all."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.limits import MOST_PHOTOS
from reviews.phone_record import MalformedRecord, read_record, read_request

KEY = "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11"
RECORD = {
    "uuid": KEY,
    "cycle": 1,
    "visit": None,
    "organization": 2,
    "place": 3,
    "place_name": "",
    "inspectors": [4, 5],
    "visited_on": "2018-09-01",
    "noted_at": "2018-09-01T02:00:00+00:00",
    "note": "",
    "losses": [{"indicator": 6, "points": "1.5", "reason": "缺签到表"}],
    "highlights": ["示范点好"],
    "problems": [{"category": "规范化程度不高", "text": "档案不全"}],
    "photos": [{"uuid": KEY, "name": "会议室.jpg", "loss": 0}, {"uuid": KEY, "name": "", "loss": None}],
}

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)
keys = st.integers(0, 2**63 - 1)
points = st.decimals(0, 100, places=2).map(lambda number: f"{number:f}")
records = st.fixed_dictionaries(
    {
        "uuid": st.uuids().map(str),
        "cycle": keys,
        "visit": st.none() | keys,
        "organization": keys,
        "place": st.none() | keys,
        "place_name": texts,
        "inspectors": st.lists(keys, max_size=5),
        "visited_on": st.dates().map(datetime.date.isoformat),
        "noted_at": st.datetimes(timezones=st.just(datetime.UTC)).map(datetime.datetime.isoformat),
        "note": texts,
        "losses": st.lists(
            st.fixed_dictionaries({"indicator": keys, "points": points, "reason": texts}), max_size=4
        ),
        "highlights": st.lists(texts, max_size=4),
        "problems": st.lists(st.fixed_dictionaries({"category": texts, "text": texts}), max_size=4),
        "photos": st.lists(
            st.fixed_dictionaries({"uuid": st.uuids().map(str), "name": texts, "loss": st.none()}), max_size=4
        ),
    }
)


@given(records)
def test_what_is_kept_is_what_was_sent(record):
    assert read_record(record).as_sent() == record
    assert read_record(json.loads(json.dumps(record))) == read_record(record)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_else_is_refused(data):
    with pytest.raises(MalformedRecord):
        read_request(json.dumps(data).encode())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("uuid", "1"), ("uuid", None), ("cycle", True), ("cycle", -1), ("cycle", 2**63),
        ("organization", None), ("place", "3"), ("place_name", "长" * 101), ("note", "\0"),
        ("note", "\ud800"), ("inspectors", 4),
        ("visited_on", "2018-02-30"), ("visited_on", "now"), ("noted_at", "yesterday"),
        ("noted_at", "0001-01-01T00:00:00+14:00"),
        ("highlights", ["a"] * 101), ("problems", ["a"]),
        ("losses", [{"indicator": 1, "points": "1e5", "reason": ""}]),
        ("losses", [{"indicator": 1, "points": "NaN", "reason": ""}]),
        ("losses", [{"indicator": 1, "points": 1, "reason": ""}]),
        ("losses", [{"indicator": 1, "points": "-1", "reason": ""}]),
        ("photos", [{"uuid": KEY, "name": "", "loss": 1}]),
        ("photos", [{"uuid": KEY, "name": "", "loss": None}] * (MOST_PHOTOS + 1)),
    ],
)  # fmt: skip
def test_a_value_that_no_phone_sends_refuses_the_record(name, value):
    assert read_record(RECORD).as_sent() == RECORD
    with pytest.raises(MalformedRecord):
        read_record(RECORD | {name: value})
    with pytest.raises(MalformedRecord):
        read_record({key: value for key, value in RECORD.items() if key != name} | {name: [None]})


def test_a_clock_without_a_zone_is_this_countrys():
    read = read_record(RECORD | {"noted_at": "2018-09-01T10:00:00"})
    assert read.noted_at == datetime.datetime(2018, 9, 1, 2, tzinfo=datetime.UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"null", b"{}", b'{"user": 1}', b"\xff"])
def test_what_is_no_json_of_ours_is_refused(body):
    with pytest.raises(MalformedRecord):
        read_request(body)
