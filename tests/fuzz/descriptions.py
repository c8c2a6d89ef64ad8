"""What the addresses that answer in JSON promise, as OpenAPI 3.1, made for a district that is there."""

from __future__ import annotations

from typing import Any

from tests.factories.pages import District

Schema = dict[str, Any]

KEY = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
KEY_OR_NONE = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1}
TEXT = {"type": "string"}
MESSAGE: Schema = {"type": "object", "required": ["message"], "properties": {"message": TEXT}}
REFUSALS = ("400", "403", "404", "405", "409", "413", "415", "422")


def thing(**properties: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def rows(row: Schema, most: int = 5) -> Schema:
    return {"type": "array", "items": row, "maxItems": most}


CELL = thing(
    review=KEY, indicator=KEY, text=TEXT, version={"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
)
RECORD = thing(
    uuid={"type": "string", "format": "uuid"},
    cycle=KEY,
    visit=KEY_OR_NONE,
    organization=KEY,
    place=KEY_OR_NONE,
    place_name=TEXT,
    inspectors=rows(KEY),
    visited_on={"type": "string", "format": "date"},
    noted_at={"type": "string", "format": "date-time"},
    note=TEXT,
    losses=rows(thing(indicator=KEY, points={"type": "string", "pattern": r"^[0-9]{1,4}$"}, reason=TEXT)),
    highlights=rows(TEXT),
    problems=rows(thing(category=TEXT, text=TEXT)),
    photos=rows(thing(uuid={"type": "string", "format": "uuid"}, name=TEXT, loss=KEY_OR_NONE)),
)
RESULT = {
    "type": "object",
    "required": ["review", "indicator", "outcome"],
    "properties": {"review": KEY, "indicator": KEY, "outcome": TEXT, "text": TEXT, "message": TEXT},
}


def described(district: District) -> Schema:
    """Every address in JSON: what it takes, and what it answers with."""
    entry = f"/cycles/{district.keys['open']}/entry/save/"
    staff = {"const": district.people["staff"].pk}
    inspector = {"const": district.people["inspector"].pk}
    record = {
        **RECORD,
        "properties": RECORD["properties"] | {"cycle": {"type": "integer", "minimum": 1, "maximum": 9}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "What scripts ask for", "version": "1"},
        "paths": {
            "/healthz": {"get": answers(thing(status={"enum": ["ok"]}, problems=rows(TEXT, 0)))},
            entry: {
                "get": answers(thing(token=TEXT)),
                "post": takes(thing(user=staff, cells=rows(CELL)), thing(results=rows(RESULT))),
            },
            "/m/data/": {
                "get": answers(thing(token=TEXT, user=thing(key=KEY, name=TEXT), visits={"type": "array"}))
            },
            "/m/visits/": {
                "post": takes(
                    thing(user=inspector, record=record),
                    thing(
                        outcome={"enum": ["held", "recorded", "set_aside"]}, url=TEXT, photos=rows(TEXT, 30)
                    ),
                )
            },
            "/m/manifest.webmanifest": {
                "get": answers(thing(name=TEXT, icons={"type": "array"}), "application/manifest+json")
            },
        },
    }


def answers(answer: Schema, kind: str = "application/json") -> Schema:
    """An address that is read: 200 with this, or a page that says why not."""
    refusals = {status: {"description": "refused"} for status in REFUSALS}
    return {
        "responses": {"200": {"description": "as asked", "content": {kind: {"schema": answer}}}} | refusals
    }


def takes(body: Schema, answer: Schema) -> Schema:
    """An address that is sent JSON; what it does not take it refuses in words, as JSON, too."""
    told = {"description": "refused", "content": {"application/json": {"schema": MESSAGE}}}
    given = answers(answer)
    given["responses"] |= dict.fromkeys(("409", "413", "422"), told)
    return given | {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
