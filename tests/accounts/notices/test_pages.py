"""One's notices: the bell, the list, the choices. Nobody sees a colleague's."""

import pytest
from django.urls import reverse

from accounts.members.models import User
from accounts.notices.models import Notice
from tests.factories import accounts as make
from tests.factories.accounts import NOW


def sign_in(client, member):
    client.force_login(User.objects.get(pk=member.user_id))
    return client


@pytest.fixture
def mine(client, ana):
    return sign_in(client, ana)


def page(name, *args):
    return reverse(name, args=["acme", *args])


def test_who_is_not_signed_in_is_asked_to(client, acme):
    assert client.get(page("notices")).status_code == 302


def test_a_member_of_another_workspace_finds_nothing(client, ana, globex, scope):
    with scope(globex.pk):
        sign_in(client, make.MemberFactory(workspace=globex))

    assert [client.get(page(name)).status_code for name in ("notices", "notice-bell", "notice-choices")] == [404] * 3


def test_who_may_only_read_has_notices_and_choices_of_their_own(client, in_acme, tell):
    reader = make.MemberFactory(workspace=in_acme, role="analyst")
    tell(reader)
    sign_in(client, reader)

    assert "Jamie introduces Kim" in client.get(page("notices")).content.decode()
    assert client.post(page("notice-choices"), {"quiet": "on"}).status_code == 302


def test_a_colleagues_notice_is_neither_shown_nor_opened_nor_exported(mine, ana, ben, tell):
    [notice] = tell(ben)

    shown = mine.get(page("notices"), {"show": "all"}).content.decode()
    opened = mine.post(page("notice-open", notice.public_id))
    bulk = {"action": "read", "ids": [notice.public_id], "query": "show=all"}
    mine.post(page("list-bulk", "notices"), bulk)

    notice.refresh_from_db()
    assert ("Jamie introduces Kim" in shown, opened.status_code, notice.read_at) == (False, 404, None)


def test_a_file_of_notices_holds_ones_own(mine, in_acme, ana, ben, tell):
    from accounts.lists import exporting

    tell(ana, title="For Ana"), tell(ben, title="For Ben")
    mine.post(page("list-export", "notices"), {"all": "1", "query": "show=all"})
    export = in_acme.exports.get()
    exporting.claim_next(in_acme.pk)
    exporting.write_chunk(workspace=in_acme, export_id=export.pk, now=NOW)

    text = bytes(in_acme.export_chunks.get().data).decode()
    assert ("For Ana" in text, "For Ben" in text) == (True, False)


def test_opening_a_notice_reads_it_and_leads_on(mine, ana, tell):
    [notice] = tell(ana)

    answer = mine.post(page("notice-open", notice.public_id))
    by_script = mine.post(page("notice-open", notice.public_id), headers={"HX-Request": "true"})

    notice.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/app/acme/referrals/")
    assert (by_script.status_code, by_script["HX-Redirect"]) == (200, "/app/acme/referrals/")
    assert notice.read_at is not None


def test_looking_at_the_list_reads_nothing(mine, ana, tell):
    [notice] = tell(ana)

    mine.get(page("notices"))
    mine.get(page("notice-bell"))

    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_at_once_and_found_again(mine, ana, ben, tell):
    tell(ana, ben), tell(ana, key="2", title="Another one")

    answer = mine.post(page("notices-read"), follow=True).content.decode()
    again = mine.get(page("notices"), {"show": "all"}).content.decode()

    assert "2 notices marked as read." in answer
    assert ("Another one" in answer, "Another one" in again) == (False, True)
    assert Notice.objects.filter(read_at=None).get().member == ben


def test_chosen_ones_are_marked_unread_again(mine, ana, tell):
    [notice] = tell(ana)
    mine.post(page("notices-read"))

    mine.post(page("list-bulk", "notices"), {"action": "unread", "ids": [notice.public_id], "query": "show=all"})

    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_bell_counts_and_says_what_is_new_once(mine, ana, tell):
    tell(ana)

    first = mine.get(page("notice-bell"), {"told": "0"})
    again = mine.get(page("notice-bell"), {"told": "1"})
    fewer = mine.get(page("notice-bell"), {"told": "5"})

    assert "New notice: Jamie introduces Kim" in first.content.decode()
    assert "Notices, 1 unread" in first.content.decode()
    assert (again.status_code, again.content) == (204, b"")
    assert "New notice" not in fewer.content.decode()


@pytest.mark.parametrize("told", ["", "x", "9" * 40, "-1", "٣"])
def test_the_bell_takes_any_number(mine, told):
    assert mine.get(page("notice-bell"), {"told": told}).status_code == 200


def test_every_page_has_the_bell(mine, ana, tell):
    tell(ana)

    assert "Notices, 1 unread" in mine.get(page("today")).content.decode()


def test_what_was_chosen_is_kept_and_shown(mine, ana):
    mine.post(page("notice-choices"), {"mention:digest": "on", "quiet": "on"})

    html = mine.get(page("notice-choices")).content.decode()

    assert 'name="mention:digest" id="id_mention:digest" checked' in html
    assert 'name="mention:mail" id="id_mention:mail" checked' not in html


def test_without_slack_its_boxes_are_not_shown_and_its_choice_stays(mine, in_acme, ana):
    html = mine.get(page("notice-choices")).content.decode()
    mine.post(page("notice-choices"), {"mention:mail": "on"})

    assert "mention:slack" not in html
    assert in_acme.notice_choices.get().chosen["mention"] == ["mail", "slack"]


def test_the_list_teaches_while_it_is_empty(mine):
    assert "Nothing has happened yet." in mine.get(page("notices")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(mine, ana, tell, count, django_assert_num_queries):
    for number in range(count):
        tell(ana, key=str(number))
    mine.get(page("notices"))

    with django_assert_num_queries(11):
        mine.get(page("notices"))
