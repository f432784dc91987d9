"""Companies and people from files with every trap a real export has."""

import csv

import pytest
from django.core.management import CommandError, call_command

from accounts.customers.models import Company, Contact
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(acme, folder, capsys):
    """`run("contacts", text, ...)` writes the text into a file, imports it and gives the report's lines."""

    def run(kind, content, *options, name="rows.csv"):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_csv", kind, str(path), "--workspace", "acme", *options)
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return run


def stored(acme, model, *columns):
    with workspace_scope(acme.pk):
        return list(model.objects.filter(workspace=acme).order_by("external_id").values_list(*columns))


def test_companies_come_in_whole(run, acme):
    run(
        "companies",
        "account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag\n"
        "A-1,Northwind,EdTech,UK,16-10-2024,ads,Basic,9,TRUE,FALSE\n",
    )

    columns = ("external_id", "name", "industry", "country", "plan", "seats", "trial", "acquired_via", "churned_at")
    assert stored(acme, Company, *columns) == [
        ("A-1", "Northwind", "EdTech", "GB", "Basic", 9, True, "advertising", None)
    ]


def test_importing_again_updates_and_a_blank_leaves_what_is_known(run, acme):
    run("companies", "id,name,plan,seats\nA-1,Northwind,Pro,5\n")

    lines = run("companies", "id,name,plan,seats\nA-1,Northwind GmbH,,7\n")

    assert lines[:2] == ["Imported: 1 row of companies in, 0 refused.", "companies: 0 new, 1 updated."]
    assert stored(acme, Company, "name", "plan", "seats") == [("Northwind GmbH", "Pro", 7)]


def test_three_good_and_two_bad_rows_are_three_in_and_two_explained(run, acme, folder):
    lines = run(
        "companies",
        "id,name,signup_date,seats\nA-1,One,16-10-2024,1\nA-2,=Two,soon,2\nA-3,Three,17-10-2024,3\n"
        "A-4,Four,18-10-2024,many\nA-5,Five,19-10-2024,5\n",
    )

    assert [row[0] for row in stored(acme, Company, "name")] == ["One", "Three", "Five"]
    assert lines == [
        "Imported: 3 rows of companies in, 2 refused.",
        "companies: 3 new, 0 updated.",
        "customer_since: Dates begin with the day.",
        "Line 3: customer_since: “soon” is not a date.",
        "Line 5: seats: “many” is not a number.",
        f"The refused rows are in {folder / 'rows.refused.csv'}; correct them there and import that file.",
    ]
    with (folder / "rows.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "reason", "id", "name", "signup_date", "seats"],
            ["3", "customer_since: “soon” is not a date.", "A-2", "'=Two", "soon", "2"],
            ["5", "seats: “many” is not a number.", "A-4", "Four", "18-10-2024", "many"],
        ]


def test_a_dry_run_says_the_same_and_changes_nothing(run, acme, folder):
    text = "id,name,seats\nA-1,One,1\nA-2,Two,many\n"

    tried = run("companies", text, "--dry-run")
    assert (stored(acme, Company, "name"), list(folder.glob("*.refused.csv"))) == ([], [])
    done = run("companies", text)

    assert tried[0] == "Tried without changing anything: 1 row of companies in, 1 refused."
    assert done[0] == "Imported: 1 row of companies in, 1 refused."
    assert tried[1:] == done[1:-1]


PEOPLE = "Contact ID;Account;First Name;Last Name;E-Mail;Time Zone\nP-1;A-1;Zoë;Yılmaz;ZOE@Northwind.Example;\n"


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode("utf-8-sig"),
        PEOPLE.encode("utf-16"),
        PEOPLE.replace(";", "\t").encode(),
        PEOPLE.replace(";", ",").replace("\n", "\r\n").encode(),
        b"sep=;\n" + PEOPLE.encode(),
    ],
    ids=["mark and semicolons", "utf-16", "tabs", "commas and CRLF", "sep line"],
)
def test_people_come_in_however_the_file_is_written(run, acme, content):
    run("companies", "id,name\nA-1,Northwind\n")

    run("contacts", content)

    columns = ("external_id", "company__name", "first_name", "last_name", "email", "email_normalized", "seniority")
    assert stored(acme, Contact, *columns) == [
        ("P-1", "Northwind", "Zoë", "Yılmaz", "zoe@northwind.example", "zoe@northwind.example", "user")
    ]


def test_a_second_person_with_the_same_address_is_kept_without_it(run, acme):
    text = "id,email\nP-1,info@northwind.example\nP-2,INFO@northwind.example\nP-3,\n"
    expected = [("P-1", "info@northwind.example"), ("P-2", None), ("P-3", None)]
    note = "An e-mail address belongs to somebody else already: the person is stored without it."

    for _ in range(2):
        lines = run("contacts", text)
        assert note in lines
        assert stored(acme, Contact, "external_id", "email_normalized") == expected


def test_people_without_an_id_are_known_by_their_address(run, acme):
    with workspace_scope(acme.pk):
        make.ContactFactory(workspace=acme, external_id=None, email="jamie@northwind.example", title="Head of Ops")

    run("contacts", "id,email,first_name\nP-9,jamie@northwind.example,Jim\n")
    run("contacts", "email,last_name\njamie@northwind.example,Okoro\nnew@northwind.example,New\n")

    assert stored(acme, Contact, "external_id", "email", "first_name", "last_name", "title") == [
        ("P-9", "jamie@northwind.example", "Jim", "Okoro", "Head of Ops"),
        (None, "new@northwind.example", "", "New", ""),
    ]


def test_a_full_name_is_cut_before_its_last_word(run, acme):
    run("contacts", "id,full name\nP-1,Ana Maria Silva\nP-2,Cher\n")

    assert stored(acme, Contact, "first_name", "last_name") == [("Ana Maria", "Silva"), ("Cher", "")]


def test_people_of_an_unknown_company_and_bad_addresses_are_refused(run, acme):
    lines = run("contacts", "id,company,email\nP-1,A-9,a@b.example\nP-2,,nobody\nP-3,,c@b.example\n")

    assert [line for line in lines if line.startswith("Line")] == [
        "Line 3: email: “nobody” is not an e-mail address.",
        "Line 2: There is no company “A-9” yet. Import companies first.",
    ]
    assert stored(acme, Contact, "external_id") == [("P-3",)]


def test_a_formula_stays_text(run, acme):
    run("companies", 'id,name\nA-1,"=HYPERLINK(""http://x.example"")"\n')

    assert stored(acme, Company, "name") == [('=HYPERLINK("http://x.example")',)]


def test_a_row_that_appears_again_counts_once_with_its_last_word(run, acme):
    lines = run("companies", "id,name\nA-1,Old\nA-2,Other\nA-1,New\n")

    assert "A row appears again further down; the later one counts." in lines
    assert stored(acme, Company, "name") == [("New",), ("Other",)]


def test_a_column_that_appears_twice_is_read_once_and_said(run, acme):
    lines = run("companies", "id,name,name,colour\nA-1,First,Second,red\n")

    assert stored(acme, Company, "name") == [("First",)]
    assert lines[2:] == ["The column “name” appears twice; the first one is read.", "Not read: name, colour."]


def test_map_says_what_a_column_means_and_set_what_all_rows_say(run, acme):
    run("companies", "key,label\nA-1,Northwind\n", "--map", "key=external_id", "label=name", "--set", "plan=Pro")

    assert stored(acme, Company, "external_id", "name", "plan") == [("A-1", "Northwind", "Pro")]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"", [], "This file is empty."),
        (b"id,name\nA-1,a\0b\n", [], "This file is not text. Save it as CSV and try again."),
        (
            b"name,plan\nNorthwind,Pro\n",
            [],
            "The column “external_id” is missing; the file has name, plan. Name it with --map COLUMN=external_id.",
        ),
        (b"id,name\nA-1,b\n", ["--map", "key=name"], "The file has no column “key”."),
        (b"id,name\nA-1,b\n", ["--map", "name"], "“name” is not of the form NAME=VALUE."),
        (
            b"id,name\nA-1,b\n",
            ["--currency", "XXX"],
            "“XXX” is not a currency we know. Use a code of three letters, like USD or EUR.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(run, acme, content, options, sentence):
    with pytest.raises(CommandError) as error:
        run("companies", content, *options)

    assert str(error.value) == sentence
    assert stored(acme, Company, "name") == []


def test_unknown_workspaces_kinds_and_files_are_one_sentence(acme, folder):
    cases = {
        ("companies", "x.csv", "initech"): "There is no workspace “initech”.",
        ("companies", "x.csv", "acme"): "The file x.csv cannot be opened: no such file or directory.",
    }
    for (kind, file, workspace), sentence in cases.items():
        with pytest.raises(CommandError) as error:
            call_command("import_csv", kind, file, "--workspace", workspace)
        assert str(error.value) == sentence
    with pytest.raises(CommandError, match="“pets” cannot be imported"):
        call_command("import_csv", "pets", "x.csv", "--workspace", "acme")


def test_nothing_reaches_another_workspace(run, acme, globex):
    with workspace_scope(globex.pk):
        make.CompanyFactory(workspace=globex, external_id="A-1", name="Theirs")
        make.ContactFactory(workspace=globex, external_id="P-1", email="a@b.example", company=None)

    run("companies", "id,name\nA-1,Ours\n")
    run("contacts", "id,email,company\nP-1,a@b.example,A-1\n")

    assert stored(acme, Company, "name") == [("Ours",)]
    assert stored(globex, Company, "name") == [("Theirs",)]
    assert stored(acme, Contact, "email", "company__name") == [("a@b.example", "Ours")]
    assert stored(globex, Contact, "email", "company__name") == [("a@b.example", None)]
