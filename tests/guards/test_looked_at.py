"""Every page there is, is one that axe looks at; what is no page says why."""

from tests.browser import everywhere
from tests.guards.test_pages import pages


def looked_at():
    below_a_workspace = {entry.name for entry in pages() if everywhere.reads(entry)} - set(everywhere.NO_PAGES)
    by_hand = [*everywhere.PUBLIC, *everywhere.OUTSIDE, *everywhere.OWN, *everywhere.GUARDED, *everywhere.ON_THE_WAY]
    return below_a_workspace | set(by_hand)


def test_no_page_is_missing_from_the_list():
    # A new address of ours belongs into tests/browser/everywhere.py: to the pages, or to what is none, with a reason.
    assert set(everywhere.named_routes()) - looked_at() - set(everywhere.NO_PAGES) - set(everywhere.FOREIGN) == set()


def test_the_list_names_only_what_there_is():
    named = set(everywhere.named_routes())
    assert (looked_at() | set(everywhere.NO_PAGES) | set(everywhere.FOREIGN)) - named == set()


def test_nothing_is_both_a_page_and_none():
    assert looked_at() & (set(everywhere.NO_PAGES) | set(everywhere.FOREIGN)) == set()
