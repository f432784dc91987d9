"""The file that proves after a crash which mails of a batch had left."""

import os
from uuid import uuid4

import pytest

from accounts.mail import claims, dispatcher, journal
from accounts.mail.journal import Journal
from accounts.tenancy.scope import workspace_scope
from tests.accounts.mail.test_dispatcher import lease_runs_out


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


def test_it_says_what_left_and_what_was_taken_and_is_gone_when_the_batch_is_recorded(folder):
    first, second = uuid4(), uuid4()
    written = Journal()
    written.leaves(first)
    written.taken(first)
    written.leaves(second)

    proof = journal.read(written.name)
    written.close()

    assert (proof.left, proof.taken) == ({first, second}, {first})
    assert list(folder.iterdir()) == []


def test_a_line_cut_in_two_is_no_line(folder):
    written = Journal()
    written.leaves(uuid4())
    (folder / written.name).open("ab").write(b"Lhalf")

    assert len(journal.read(written.name).left) == 1


def test_files_of_long_ago_are_tidied_away(folder):
    old, new = Journal(), Journal()
    os.utime(folder / old.name, (0, 0))

    assert journal.tidy() == 1
    assert [file.name for file in folder.iterdir()] == [new.name]


@pytest.mark.parametrize("name", ["", "another-boot.0123", "../../etc/passwd"])
def test_a_file_that_is_not_there_or_from_before_a_restart_proves_nothing(name):
    assert journal.read(name) is None


def test_without_a_folder_mail_leaves_all_the_same(settings, tmp_path, acme, sink, post, states):
    (tmp_path / "file").write_text("in the way")
    settings.OUTBOX_DIR = tmp_path / "file" / "outbox"
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert states(acme) == {"jamie@northwind.example": ("sent", "")}


def test_after_a_crash_each_mail_of_the_batch_is_what_the_journal_proves(acme, sink, post, states, settled, folder):
    people = [f"{name}@northwind.example" for name in ("taken", "on-the-wire", "stayed")]
    for number, address in enumerate(people):
        post(acme, address, due_in=number - 9)
    written = Journal()
    taken, on_the_wire, _stayed = claims.claim(acme, limit=3, transport="smtp", journal=written.name)
    written.leaves(taken.pk)
    written.taken(taken.pk)
    written.leaves(on_the_wire.pk)
    lease_runs_out(acme)

    dispatcher.dispatch(acme.pk)

    assert {address: state for address, (state, _error) in states(acme).items()} == dict(
        zip(people, ["sent", "unconfirmed", "sent"], strict=True)
    )
    assert [one.recipients for one in sink.taken] == [["stayed@northwind.example"]]
    assert sorted(state for _key, state, _error in settled) == ["sent", "sent", "unconfirmed"]


def test_after_a_power_cut_the_whole_batch_is_unconfirmed(acme, sink, post, states, monkeypatch):
    post(acme)
    written = Journal()
    claims.claim(acme, limit=1, transport="smtp", journal=written.name)
    lease_runs_out(acme)
    monkeypatch.setattr(journal, "_boot", lambda: "the-next-boot")

    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        assert acme.messages.get().state == "unconfirmed"
    assert sink.taken == []
