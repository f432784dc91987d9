"""From a file to its report, as somebody goes through the pages."""

import csv
import io

import pytest

from accounts.customers.models import Company, Contact
from accounts.imports.models import ImportJob, SavedMapping
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

State = ImportJob.State
COMPANIES = (
    "Account ID;Account;Signed up;ARR;Colour\n"
    "A-1;Northwind;03.02.2024;48.000,50;red\nA-2;Osterberg;14.02.2024;12.000;blue\n"
)
MIXED = "id,name,seats\nA-1,One,1\nA-2,=Two,many\nA-3,Three,3\n"


def stored(acme, model, *columns):
    with workspace_scope(acme.pk):
        return list(model.objects.filter(workspace=acme).order_by(columns[0]).values_list(*columns))


def test_a_file_is_understood_tried_and_imported(centre, acme):
    job = centre.received(COMPANIES)
    fields = centre.fields(job)
    assert (job.kind, fields["column_0"], fields["column_1"]) == ("companies", "external_id", "name")

    centre.say(job, "columns", **{**fields, "column_2": "customer_since", "column_3": "arr", "column_4": "attribute"})
    tried = centre.carry_on(job)
    page = centre.look(tried).content.decode()
    assert (tried.state, stored(acme, Company, "name")) == (State.TRIED, [])
    assert "2 rows of companies would come in." in page
    assert "Signed up: Dates begin with the day." in page

    centre.say(job, "start")
    done = centre.carry_on(job)

    assert (done.state, done.position) == (State.DONE, 2)
    columns = ("external_id", "name", "customer_since", "arr_minor", "attributes")
    rows = stored(acme, Company, *columns)
    assert [(*row[:2], f"{row[2]:%Y-%m-%d}", *row[3:]) for row in rows] == [
        ("A-1", "Northwind", "2024-02-03", 4_800_050, {"Colour": "red"}),
        ("A-2", "Osterberg", "2024-02-14", 1_200_000, {"Colour": "blue"}),
    ]
    assert "2 rows of companies are in." in centre.look(done).content.decode()


def test_dates_that_could_be_either_are_said_and_read_as_chosen(centre, acme):
    job = centre.received("id,name,customer_since\nA-1,One,03/02/2024\n")
    page = centre.look(job).content.decode()
    assert "Every value fits both. Say which." in page

    centre.say(job, "columns", **{**centre.fields(job), "format_2": "day_first"})
    centre.carry_on(job)
    centre.say(job, "start")
    centre.carry_on(job)

    assert [f"{day:%Y-%m-%d}" for _, day in stored(acme, Company, "name", "customer_since")] == ["2024-02-03"]


def test_the_next_file_with_these_headers_needs_no_explaining(centre, acme):
    text = "key,label\nA-1,One\n"
    job = centre.received(text, kind="companies")
    centre.say(job, "columns", **{**centre.fields(job), "column_0": "external_id", "column_1": "name"})
    centre.carry_on(job)
    centre.say(job, "start")
    centre.carry_on(job)

    later = centre.received("KEY,Label\nA-2,Two\n")

    assert (later.kind, later.columns) == ("companies", {"external_id": 0, "name": 1})
    assert "Read as the last file with these headers." in centre.look(later).content.decode()

    centre.say(later, "forget")

    assert centre.again(later).columns == {}
    with workspace_scope(acme.pk):
        assert not SavedMapping.objects.filter(workspace=acme).exists()


def test_what_is_missing_or_told_twice_is_said_beside_it_and_nothing_typed_is_lost(centre):
    job = centre.received("key,label,other\nA-1,One,Uno\n", kind="companies")
    fields = {**centre.fields(job), "column_1": "name", "column_2": "name"}

    twice = centre.say(job, "columns", **fields)
    missing = centre.say(job, "columns", **{**fields, "column_2": ""})

    assert (twice.status_code, missing.status_code) == (422, 422)
    assert "“label” tells this already." in twice.content.decode()
    assert "Say which column has the id in your own system." in missing.content.decode()
    assert '<option value="name" selected>' in missing.content.decode()
    assert centre.again(job).state == State.MAPPING


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"PK\x03\x04rest", "This is an Excel workbook or a ZIP archive. Open it and save the sheet as “CSV UTF-8”."),
        (b"id,name\nA-1,a\0b\n", "This file is not text. Save it as CSV and try again."),
        (b"\x1f\x8brest", "This file is compressed. Unpack it and try again."),
        ((",".join(map(str, range(501))) + "\n1\n").encode(), "This file has 501 columns; 500 can be read."),
    ],
    ids=["empty", "workbook", "nul", "gzip", "columns"],
)
def test_what_is_no_csv_file_is_said_beside_the_field(centre, acme, content, sentence):
    answer = centre.upload(content)

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [sentence]
    with workspace_scope(acme.pk):
        assert not ImportJob.objects.filter(workspace=acme).exists()


def test_a_file_that_is_too_large_is_said_with_both_figures(centre, settings):
    settings.IMPORT_MAX_ROWS = 2

    answer = centre.upload("id,name\n" + "A,B\n" * 5)

    assert answer.context["form"].errors["file"] == [
        "This file has about 5 rows; 2 can be taken at once. Cut it in two."
    ]


def test_pasted_rows_are_a_file_too(centre, acme):
    answer = centre.client.post(centre.url("list"), {"pasted": "id\tname\nA-1\tOne\n", "kind": ""})

    assert answer.status_code == 302
    assert (centre.latest().delimiter, centre.latest().filename) == ("\t", "pasted.csv")


def test_a_file_read_in_the_wrong_letters_is_read_again(centre):
    job = centre.received("id;name\nA-1;Zoë\n".encode("cp1252"))
    assert job.encoding == "cp1252"

    centre.say(job, "written", encoding="cp1252", delimiter=",")

    assert centre.again(job).header == ["id;name"]


def test_refused_rows_are_explained_downloaded_and_mended_in_place(centre, acme):
    job = centre.imported(MIXED)
    page = centre.look(job).content.decode()
    assert "2 rows of companies are in, 1 refused." in page
    assert "seats: “…” is not a number." in page

    download = b"".join(centre.client.get(centre.url("refused", job)).streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(download))) == [
        ["line", "reason", "id", "name", "seats"],
        ["3", "seats: “many” is not a number.", "A-2", "'=Two", "many"],
    ]

    with workspace_scope(acme.pk):
        row = job.refused_rows.get()
    answer = centre.say(job, "mend", row=row.public_id, **{f"{row.public_id}_2": "2"})
    mended = centre.carry_on(centre.latest())

    assert answer.status_code == 302
    assert (mended.state, mended.again_of_id) == (State.DONE, job.pk)
    assert stored(acme, Company, "external_id", "name", "seats")[1] == ("A-2", "=Two", 2)
    assert "Nothing is left to mend." in centre.client.get(centre.url("mend", job)).content.decode()
    assert centre.say(job, "mend", row=row.public_id).status_code == 409


def test_the_refused_file_mended_in_a_spreadsheet_comes_back_as_it_was(centre, acme):
    job = centre.imported(MIXED)
    download = b"".join(centre.client.get(centre.url("refused", job)).streaming_content).decode("utf-8-sig")

    again = centre.imported(download.replace("many", "2", 2))

    assert again.kind == "companies"
    assert stored(acme, Company, "external_id", "name", "seats")[1] == ("A-2", "=Two", 2)


def test_a_file_of_answers_is_used_again_for_the_people_who_gave_them(centre, acme):
    text = "id,contact_id,score,responded_at\nR-1,P-1,10,2025-03-01\n"
    job = centre.imported(text)
    assert "There is nobody known as “…” yet. Import contacts first." in centre.look(job).content.decode()

    centre.say(job, "again", kind="contacts")
    people = centre.latest()
    centre.say(people, "columns", **{**centre.fields(people), "column_0": ""})
    centre.carry_on(people)
    centre.say(people, "start")
    centre.carry_on(people)
    centre.say(job, "again", kind="responses")
    answers = centre.latest()
    centre.say(answers, "columns", **centre.fields(answers))
    centre.carry_on(answers)
    centre.say(answers, "start")
    centre.carry_on(answers)

    assert [key for key, promoter in stored(acme, Contact, "external_id", "promoter_at") if promoter] == ["P-1"]


def test_a_dropped_file_is_over_and_can_not_be_started(centre):
    job = centre.tried(MIXED)

    centre.say(job, "cancel")
    centre.say(job, "start")

    assert centre.again(job).state == State.CANCELLED


def test_progress_is_asked_for_while_it_runs_and_loads_the_page_when_it_is_over(centre):
    job = centre.received(MIXED)
    centre.say(job, "columns", **centre.fields(job))

    under_way = centre.client.get(centre.url("progress", job))
    centre.carry_on(job)
    over = centre.client.get(centre.url("progress", job))

    assert ("HX-Refresh" in under_way, over["HX-Refresh"]) == (False, "true")
    assert "every 2s" in under_way.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same_whatever_its_length(centre, acme, count, django_assert_num_queries):
    with workspace_scope(acme.pk):
        make.ImportJobFactory.create_batch(count, workspace=acme)
    centre.client.get(centre.url("list"))

    with django_assert_num_queries(10):
        page = centre.client.get(centre.url("list"))

    assert page.content.decode().count("accounts.csv") == count


def test_an_empty_file_of_every_kind_can_be_sent_back(centre):
    from accounts.imports import registry

    for name in registry.names():
        content = centre.client.get(centre.url("template"), {"kind": name}).content
        job = centre.received(content)
        assert (job.kind, "Say which column" in centre.look(job).content.decode()) == (name, False)


def test_who_may_only_read_sees_no_import(client, acme):
    from accounts.members.models import User

    with workspace_scope(acme.pk):
        member = make.MemberFactory(workspace=acme, role="analyst")
        make.ImportJobFactory(workspace=acme)
    client.force_login(User.objects.get(pk=member.user_id))

    assert client.get("/app/acme/imports/").status_code == 403
    assert "/app/acme/imports/" not in client.get("/app/acme/customers/people").content.decode()
