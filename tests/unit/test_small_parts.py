"""Identifiers, page tokens, preconditions, settings and the clock."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from emulation.clock import AgeingClock
from server.clock import SystemClock, to_iso
from server.errors import InvalidInputError
from server.ids import Ids, is_id
from server.paging import guitar_id_of, token_of
from server.precondition import read_precondition
from server.settings import REQUIRED, SettingsError, read_settings


def test_ids_sort_in_the_order_of_creation() -> None:
    ids = Ids(SystemClock(), os.urandom)
    made = [ids.new_id() for _ in range(50)]

    assert len(set(made)) == 50
    assert all(is_id(id) for id in made)
    assert [id[:18] for id in made] == sorted(id[:18] for id in made)


@pytest.mark.parametrize(
    "text", ["", "x", "019a0000-0000-4000-8000-000000000000", "019A0000-0000-7000-8000-000000000000"]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)


def test_a_page_token_leads_back_to_its_id() -> None:
    guitar_id = Ids(SystemClock(), os.urandom).new_id()

    assert guitar_id_of(token_of(guitar_id)) == guitar_id
    for token in ("", "x", "é", "AAAA", token_of(guitar_id) + "AA", token_of(guitar_id)[:-2]):
        with pytest.raises(InvalidInputError):
            guitar_id_of(token)


@pytest.mark.parametrize(
    ("header", "holds"),
    [('"7"', True), ('"6"', False), ('"6", "7"', True), ("*", True), ('W/"7"', False), ("7", False), ("", False)],
)
def test_if_match_compares_strongly(header: str, holds: bool) -> None:
    precondition = read_precondition(header)

    assert precondition is not None
    assert precondition.holds_for(7) is holds


def test_without_if_match_there_is_no_precondition() -> None:
    assert read_precondition(None) is None


def test_settings_name_every_variable_that_is_missing() -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings({})

    assert all(name in str(raised.value) for name in REQUIRED)


def test_a_bare_cdn_domain_is_https_and_a_url_stays() -> None:
    given = dict.fromkeys(REQUIRED, "x")

    assert read_settings({**given, "CLOUDFRONT_DOMAIN": "d1.cloudfront.net"}).cdn_url == "https://d1.cloudfront.net"
    assert read_settings({**given, "CLOUDFRONT_DOMAIN": "http://site.test/"}).cdn_url == "http://site.test"
    assert (
        read_settings({**given, "AWS_REGION": "eu-west-1"}).s3_public_endpoint == "https://s3.eu-west-1.amazonaws.com"
    )
    with pytest.raises(SettingsError):
        read_settings({**given, "AUTHORIZER_ASKS_COGNITO": "yes"})


def test_ageing_makes_what_was_issued_before_older_and_leaves_what_comes_after() -> None:
    clock = AgeingClock()
    before = clock.now()
    event = clock.advance(3600)

    assert timedelta(seconds=3600) <= clock.age(before) < timedelta(seconds=3660)
    # A token of the event's own second was issued after it.
    assert clock.age(event.at) < timedelta(seconds=60)
    assert event.at - before <= timedelta(seconds=1)
    assert event.at.microsecond == 0


def test_times_are_utc_with_microseconds() -> None:
    assert to_iso(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05.000000Z"
