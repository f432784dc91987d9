"""Pages by where the last one ended: every row once, in order, forwards and backwards, with and without a value."""

import datetime
from itertools import chain

import pytest
from django.db import connection

from accounts.customers import lists
from accounts.customers.models import Contact
from accounts.lists import paging
from tests.factories import accounts as make
from tests.factories.accounts import NOW


def sort_of(key):
    return next(sort for sort in lists.CONTACTS.sorts if sort.key == key)


@pytest.fixture
def seven(in_acme):
    """Seven people, three of them never asked, two asked at the same moment."""
    asked = [None, 3, 1, None, 2, 1, None]
    for number, days in enumerate(asked):
        make.ContactFactory(
            workspace=in_acme,
            first_name=f"P{number}",
            asked_at=None if days is None else NOW - datetime.timedelta(days=days),
        )
    return in_acme.contacts.all()


def walk(rows, sort, size=2):
    """All pages forwards, then all the way back."""
    forwards, page = [], paging.page_of(rows, sort, size=size)
    while True:
        forwards.append([row.first_name for row in page.rows])
        if not page.next:
            break
        page = paging.page_of(rows, sort, page.next, size=size)
    backwards = [[row.first_name for row in page.rows]]
    while page.previous:
        page = paging.page_of(rows, sort, page.previous, size=size)
        backwards.append([row.first_name for row in page.rows])
    return forwards, backwards


@pytest.mark.parametrize("key", ["name", "-name", "-asked"])
def test_every_row_comes_once_and_in_order(seven, key):
    sort = sort_of(key)
    in_order = [row.first_name for row in paging.page_of(seven, sort, size=50).rows]

    forwards, backwards = walk(seven, sort)

    assert list(chain(*forwards)) == in_order
    assert sorted(in_order) == [f"P{number}" for number in range(7)]
    assert sorted(chain(*backwards)) == sorted(in_order)
    assert backwards[-1][0] == in_order[0]


def test_rows_without_a_value_come_last(seven):
    names = [row.first_name for row in paging.page_of(seven, sort_of("-asked"), size=50).rows]

    assert set(names[:2]) == {"P2", "P5"}
    assert set(names[-3:]) == {"P0", "P3", "P6"}


@pytest.mark.parametrize(
    "cursor", ["nonsense", "W10", "bnVsbA", "eyJhIjoxfQ", "WyJhIiwgIngiLCAibm8ga2V5Il0", "a" * 3000]
)
def test_a_cursor_nobody_gave_out_is_the_first_page(seven, cursor):
    first = paging.page_of(seven, sort_of("name"), size=2)

    assert [r.pk for r in paging.page_of(seven, sort_of("name"), cursor, size=2).rows] == [r.pk for r in first.rows]


def test_a_page_far_behind_is_entered_by_the_index(in_acme):
    """The plan of page n has no sort, and the condition of the cursor is the index's own."""
    Contact.objects.bulk_create(
        make.ContactFactory.build(workspace=in_acme, company=None, first_name=f"P{n:05}", email=f"p{n}@x.example")
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    sort = sort_of("name")
    row = in_acme.contacts.get(first_name="P02000")
    rows = lists.contact_rows(in_acme, {})

    plan = paging._ordered(rows, sort, paging.Place(row.name_key, row.pk), empty=False, backwards=False)[:51].explain()

    assert "contact_by_name" in plan
    assert "Sort" not in plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "name_key" in condition
