"""Referrals of the past: they are in, and nothing follows from them."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.events.models import Event
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories.referrals import ProgramFactory

TEXT = (
    "id,referrer_email,referee,referee_email,referee_company,source,stage,created_on,won_on,value,currency\n"
    "R-1,jamie@northwind.example,Nora Feld,nora@brightholm.example,Brightholm,introduction,won,2025-03-02,2025-05-20,"
    "36000,USD\n"
    "R-2,,Owen Castell,owen@tarn.example,Tarn,,contacted,2025-04-01,,,\n"
)


@pytest.fixture
def run(acme, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with workspace_scope(acme.pk):
        make.ContactFactory(workspace=acme, email="jamie@northwind.example", external_id="P-1")
        make.ContactFactory(workspace=acme, email="nora@brightholm.example", external_id="P-2")
        ProgramFactory(workspace=acme)

    def run(text):
        (tmp_path / "rows.csv").write_text(text)
        call_command("import_csv", "referrals", "rows.csv", "--workspace", "acme")
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return run


def test_history_comes_in_and_nobody_is_told_thanked_or_rewarded(run, acme):
    lines = run(TEXT)

    assert lines[:2] == ["Imported: 2 rows of referrals in, 0 refused.", "referrals: 2 new, 0 updated."]
    columns = ("external_id", "referrer__external_id", "stage", "source", "referee_contact__external_id", "created_at")
    with workspace_scope(acme.pk):
        assert list(acme.referrals.order_by("external_id").values_list(*columns)) == [
            ("R-1", "P-1", "won", "introduction", "P-2", datetime(2025, 3, 1, 23, tzinfo=UTC)),
            ("R-2", None, "contacted", "crm", None, datetime(2025, 3, 31, 22, tzinfo=UTC)),
        ]
        counts = [acme.thank_yous.count(), acme.messages.count(), acme.rewards.count()]
        kinds = set(Event.objects.filter(workspace=acme).values_list("subject_kind", flat=True))
    assert (counts, kinds) == ([0, 0, 0], {"importjob"})


def test_the_same_file_again_changes_nothing(run, acme):
    run(TEXT)

    lines = run(TEXT)

    assert lines[1] == "referrals: 0 new, 2 updated."


def test_what_can_not_have_been_is_refused_in_words(run):
    run(TEXT)

    lines = run(
        "referrer_email,referee,referee_email,stage,created_on,won_on,value\n"
        ",A,a@a.example,won,2025-01-01,,\n,B,b@b.example,new,2199-01-01,,\n,C,c@c.example,lost,2025-02-01,2025-01-01,\n"
        "jamie@northwind.example,Jamie,jamie@northwind.example,new,2025-01-01,,\n,D,owen@tarn.example,new,2025-01-01,,\n"
        ",E,e@e.example,sleeping,2025-01-01,,\n"
    )

    assert sorted(line.partition(": ")[2] for line in lines if line.startswith("Line"))[:6] == [
        "A won referral needs its value.",
        "It ended before it began.",
        "Nobody refers themselves: both have the same address.",
        "There is an open referral of owen@tarn.example already.",
        "This lies in the future.",
        sorted(line.partition(": ")[2] for line in lines if "sleeping" in line)[0],
    ]


def test_without_a_program_nothing_can_be_kept(acme, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text("referee,stage,created_on\nNora,new,2025-01-01\n")

    call_command("import_csv", "referrals", "rows.csv", "--workspace", "acme")

    assert "There is no program yet that a referral could belong to." in capsys.readouterr().out
