"""Everything of a workspace in one file."""

import csv
import io
import json
import zipfile

import pytest
from django.utils import timezone

from accounts.archives import actions, tables, tasks
from accounts.archives.models import Archive
from accounts.events.models import Event
from tests.factories import accounts as make

ARCHIVES = "/app/acme/settings/archives"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Files are written when the test says so."""
    monkeypatch.setattr(tasks.write, "delay", lambda **_given: None)


@pytest.fixture
def asked(sign_in, in_acme):
    """The owner has asked for a file of a workspace with two people."""
    make.ContactFactory(workspace=in_acme, first_name="=cmd()", attributes={"plan": "gold"})
    make.ContactFactory(workspace=in_acme, first_name="Jamie")
    owner = sign_in("owner")
    owner.post(ARCHIVES)
    return in_acme.archives.get()


def write_all(workspace, archive):
    actions.claim_next(workspace.pk)
    while actions.write_piece(workspace=workspace, archive_id=archive.pk, now=timezone.now()):
        pass
    archive.refresh_from_db()


def download(client, archive):
    answer = client.post(f"{ARCHIVES}/{archive.public_id}/download")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows_of(file, name):
    return list(csv.DictReader(io.StringIO(file.read(name).decode("utf-8-sig"))))


def test_a_file_holds_every_table_and_the_settings(client, asked, in_acme, monkeypatch):
    monkeypatch.setattr(actions, "PIECE_ROWS", 1)
    write_all(in_acme, asked)

    file = download(client, asked)

    assert file.testzip() is None
    assert set(file.namelist()) == {"READ ME.txt", "workspace.json", *map(tables.file_name, tables.tables())}
    people = rows_of(file, "accounts/contact.csv")
    assert sorted(row["first_name"] for row in people) == ["'=cmd()", "Jamie"]
    assert json.loads(people[0]["attributes"]) == {"plan": "gold"}
    assert json.loads(file.read("workspace.json"))["slug"] == "acme"
    assert asked.rows["accounts.Contact"] == 2


def test_no_row_of_another_workspace_and_no_secret_is_in_it(client, asked, in_acme, globex, scope):
    with scope(globex.pk):
        make.ContactFactory(workspace=globex, first_name="Stranger")
    key = make.ApiKeyFactory(workspace=in_acme)
    write_all(in_acme, asked)

    file = download(client, asked)

    everything = b"".join(file.read(name) for name in file.namelist())
    assert b"Stranger" not in everything
    assert bytes(key.key_hash).hex().encode() not in everything
    assert "key_hash" not in rows_of(file, "accounts/apikey.csv")[0]


def test_asking_and_downloading_are_facts_and_need_a_fresh_sign_in(client, asked, in_acme):
    write_all(in_acme, asked)
    download(client, asked)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()

    stale = client.post(f"{ARCHIVES}/{asked.public_id}/download")

    assert stale.url.startswith("/accounts/reauthenticate/")
    assert list(Event.objects.filter(type__startswith="archive.").order_by("pk").values_list("type", flat=True)) == [
        "archive.started",
        "archive.downloaded",
    ]


@pytest.mark.parametrize("role", ["admin", "finance", "analyst"])
def test_only_owners_take_everything_along(sign_in, asked, role):
    client = sign_in(role)

    assert client.get(ARCHIVES).status_code == 403
    assert client.post(f"{ARCHIVES}/{asked.public_id}/download").status_code == 403


def test_one_file_at_a_time(client, asked, in_acme):
    client.post(ARCHIVES)

    assert in_acme.archives.count() == 1
    assert "being written already" in client.get(ARCHIVES).content.decode()


def test_a_file_goes_on_where_its_worker_died(client, asked, in_acme, monkeypatch):
    monkeypatch.setattr(actions, "PIECE_ROWS", 1)
    first = actions.claim_next(in_acme.pk)
    for _ in range(3):
        actions.write_piece(workspace=in_acme, archive_id=asked.pk, now=timezone.now())
    assert actions.claim_next(in_acme.pk) is None  # somebody is writing it
    Archive.objects.filter(pk=asked.pk).update(lease_until=timezone.now())

    tasks.write.run(workspace_id=str(in_acme.pk))

    asked.refresh_from_db()
    assert (first, asked.state, asked.rows["accounts.Contact"]) == (asked.pk, "done", 2)


def test_a_file_is_thrown_away_by_hand_or_by_time(client, asked, in_acme):
    write_all(in_acme, asked)
    client.post(f"{ARCHIVES}/{asked.public_id}/cancel")
    asked.refresh_from_db()
    assert (asked.state, in_acme.archive_pieces.count()) == ("cancelled", 0)

    assert client.post(f"{ARCHIVES}/{asked.public_id}/download").status_code == 302
    actions.forget_expired(workspace_id=in_acme.pk, now=asked.expires_at)
    assert in_acme.archives.count() == 0
