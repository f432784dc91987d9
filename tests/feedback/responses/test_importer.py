"""Old answers from a file: stored as one by one they would be, but never a reason to ask by themselves."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.customers.models import Contact
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from feedback.moments.models import Moment
from feedback.responses import actions, signals
from feedback.responses.actions import Answer
from feedback.responses.models import Response
from tests.factories import accounts as make

FACTS = (
    "external_id",
    "latest_scores",
    "promoter_at",
    "latest_answer_at",
    "low_answer_at",
    "high_answer_at",
    "referred_recently_at",
)
ANSWERS = [
    ("R-1", "P-1", "nps", 10, datetime(2025, 3, 1, 9, tzinfo=UTC)),
    ("R-2", "P-1", "csat", 2, datetime(2025, 4, 1, 9, tzinfo=UTC)),
    ("R-3", "P-2", "nps", 9, datetime(2025, 3, 1, 9, 30, 15, tzinfo=UTC)),
    ("R-4", "P-2", "nps", 7, datetime(2025, 5, 1, 9, tzinfo=UTC)),
    ("R-5", "P-3", "ces", 6, datetime(2025, 5, 1, 9, tzinfo=UTC)),
]
TEXT = "id,contact_id,metric,score,responded_at\n" + "".join(
    f"{key},{person},{metric},{score},{at.isoformat()}\n" for key, person, metric, score, at in ANSWERS
)


@pytest.fixture
def people(acme, globex):
    for workspace in (acme, globex):
        with workspace_scope(workspace.pk):
            for name in ("P-1", "P-2", "P-3"):
                make.ContactFactory(workspace=workspace, external_id=name, email=f"{name.lower()}@northwind.example")


@pytest.fixture
def run(people, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(text):
        (tmp_path / "answers.csv").write_text(text)
        call_command("import_csv", "responses", "answers.csv", "--workspace", "acme")
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return run


def facts(workspace):
    with workspace_scope(workspace.pk):
        return list(Contact.objects.filter(workspace=workspace).order_by("external_id").values_list(*FACTS))


def test_the_facts_about_people_are_those_of_single_answers(run, acme, globex):
    run(TEXT)

    with workspace_scope(globex.pk):
        for key, person, metric, score, at in ANSWERS:
            contact = Contact.objects.get(workspace=globex, external_id=person)
            answer = Answer(metric, score, "api", at, external_id=key)
            actions.record(workspace=globex, contact=contact, company=None, answer=answer, by=SYSTEM, now=make.NOW)
    assert facts(acme) == facts(globex)


def test_answers_are_classified_and_start_nothing(run, acme):
    run(TEXT)

    with workspace_scope(acme.pk):
        columns = ("external_id", "category", "is_high", "is_low", "channel")
        assert list(Response.objects.filter(workspace=acme).order_by("external_id").values_list(*columns)) == [
            ("R-1", "promoter", True, False, "import"),
            ("R-2", "dissatisfied", False, True, "import"),
            ("R-3", "promoter", True, False, "import"),
            ("R-4", "passive", False, False, "import"),
            ("R-5", "easy", True, False, "import"),
        ]
        assert Moment.objects.filter(workspace=acme).count() == 0


def test_the_same_file_twice_is_no_second_answer(run, acme):
    without_ids = "email,score,date\np-1@northwind.example,9,01.03.2025\np-2@northwind.example,8,31.03.2025\n"

    run(without_ids)
    lines = run(without_ids)

    assert lines[:2] == ["Imported: 2 rows of responses in, 0 refused.", "answers: 0 new, 2 updated."]


def test_what_cannot_be_an_answer_is_refused_in_words(run, acme):
    lines = run(
        "contact_id,metric,score,responded_at\nP-1,nps,11,2025-03-01\nP-1,csat,0,2025-03-01\nP-1,nps,9,2199-01-01\n"
        "P-9,nps,9,2025-03-01\nP-1,stars,9,2025-03-01\nP-1,nps,,2025-03-01\nP-1,nps,9,2025-03-01\n"
    )

    assert lines[0] == "Imported: 1 row of responses in, 6 refused."
    assert sorted(line for line in lines if line.startswith("Line")) == [
        "Line 2: 11 is not on the scale of NPS.",
        "Line 3: 0 is not on the scale of CSAT.",
        "Line 4: This answer lies in the future.",
        "Line 5: There is nobody known as “P-9” yet. Import contacts first.",
        "Line 6: metric: “stars” is not one of ces, csat, nps, oes, osat.",
        "Line 7: The score is blank.",
    ]


def test_a_fresh_low_answer_is_announced_and_an_old_one_is_not(run, acme):
    heard = []

    def listen(contact, response, **kwargs):
        heard.append((contact.external_id, response.score))

    signals.low_answer_recorded.connect(listen)
    try:
        today = datetime.now(UTC).date()
        run(f"contact_id,score,responded_at\nP-1,3,{today}\nP-2,2,2020-01-01\n")
    finally:
        signals.low_answer_recorded.disconnect(listen)

    assert heard == [("P-1", 3)]


def test_a_file_of_a_survey_tool_is_enough_to_begin_with(acme, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with workspace_scope(acme.pk):
        make.CompanyFactory(workspace=acme, external_id="A-1", name="Northwind")
    (tmp_path / "answers.csv").write_text(
        "email,first_name,company,score,date\n"
        "ada@northwind.example,Ada,northwind,10,2026-03-01\n"
        "ben@quill.example,Ben,Quill,9,2026-03-02\n"
        "cleo@quill.example,Cleo,QUILL,6,2026-03-03\n"
        "ada@northwind.example,Ada,Northwind,9,2026-04-01\n"
        ",,Nobody Ltd,8,2026-04-01\n"
    )

    call_command("import_csv", "responses", "answers.csv", "--workspace", "acme")
    call_command("import_csv", "responses", "answers.csv", "--workspace", "acme")

    with workspace_scope(acme.pk):
        people = list(acme.contacts.order_by("email").values_list("first_name", "email_normalized", "company__name"))
        assert people == [
            ("Ada", "ada@northwind.example", "Northwind"),
            ("Ben", "ben@quill.example", "Quill"),
            ("Cleo", "cleo@quill.example", "Quill"),
        ]
        assert sorted(acme.companies.values_list("name", flat=True)) == ["Northwind", "Quill"]
        assert acme.responses.count() == 4
    assert "There is no company “Nobody Ltd” yet." in capsys.readouterr().out
