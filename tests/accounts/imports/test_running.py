"""A job under way: stopped, dead, overtaken, taken up again. A chunk is two rows here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.customers.models import Company
from accounts.imports import actions, chunks, running
from accounts.imports.models import ImportJob, ImportPiece, RefusedRow
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope

TEXT = "id,name,seats\n" + "".join(f"A-{n},Company {n},{'many' if n == 2 else n}\n" for n in range(1, 6))
NOW = timezone.now()


class Died(Exception):
    pass


class Clock:
    """Tells the same time; before the n-th time it is asked, something happens."""

    def __init__(self, at, happens):
        self.at, self.happens, self.asked = at, happens, 0

    def __call__(self):
        self.asked += 1
        if self.asked == self.at:
            self.happens()
        return NOW


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 2)


@pytest.fixture
def job(centre):
    """Five companies, tried and started; the third row of the file is bad."""
    found = centre.tried(TEXT)
    centre.say(found, "start")
    return centre.again(found)


def names(acme):
    with workspace_scope(acme.pk):
        return sorted(Company.objects.filter(workspace=acme).values_list("external_id", flat=True))


def die():
    raise Died


# The clock is asked when the job is claimed, begun, its turn measured, and before each chunk.
SECOND_CHUNK = 6


def test_a_worker_that_dies_is_replaced_where_its_last_chunk_ended(centre, acme, job):
    with pytest.raises(Died):
        running.work(workspace=acme, job=job, clock=Clock(SECOND_CHUNK, die))
    assert (names(acme), centre.again(job).position) == (["A-1"], 2)
    with workspace_scope(acme.pk):
        assert running.due(workspace=acme, now=NOW) == []
        [left] = running.due(workspace=acme, now=NOW + running.LEASE)

    running.work(workspace=acme, job=left, clock=lambda: NOW + running.LEASE)

    done = centre.again(job)
    assert (done.state, done.position, done.report["rows_in"], done.report["rows_refused"]) == ("done", 5, 4, 1)
    assert done.report["stored"] == [["companies", "new", 4], ["companies", "changed", 0], ["companies", "same", 0]]
    assert names(acme) == ["A-1", "A-3", "A-4", "A-5"]
    with workspace_scope(acme.pk):
        assert list(RefusedRow.objects.filter(job=job).values_list("line", flat=True)) == [3]


def test_stopping_undoes_the_chunk_under_way_and_keeps_those_before(centre, acme, job):
    def stop():
        with workspace_scope(acme.pk):
            actions.cancel(job=job, by=SYSTEM, now=NOW)

    running.work(workspace=acme, job=job, clock=Clock(SECOND_CHUNK, stop))

    stopped = centre.again(job)
    assert (stopped.state, stopped.position, names(acme)) == ("cancelled", 2, ["A-1"])
    assert "What came in before stays." in centre.look(stopped).content.decode()


def test_two_workers_never_do_one_chunk_twice(centre, acme, job):
    def other_one():
        # As if the first had slept so long that its lease ran out.
        running.work(workspace=acme, job=centre.again(job), clock=lambda: NOW + 2 * running.LEASE)

    running.work(workspace=acme, job=job, clock=Clock(SECOND_CHUNK, other_one))

    done = centre.again(job)
    assert (done.state, done.report["rows_in"]) == ("done", 4)
    assert done.report["stored"][0] == ["companies", "new", 4]


def test_a_job_somebody_has_is_left_alone(centre, acme, job):
    with workspace_scope(acme.pk):
        ImportJob.objects.filter(pk=job.pk).update(lease_until=NOW + timedelta(seconds=1))

    running.work(workspace=acme, job=job, clock=lambda: NOW)

    assert (centre.again(job).state, names(acme)) == ("running", [])


def test_what_stops_at_the_same_place_again_and_again_fails_in_words(centre, acme, job):
    for _ in range(running.MOST_ATTEMPTS):
        with workspace_scope(acme.pk):
            ImportJob.objects.filter(pk=job.pk).update(lease_until=None)
        with pytest.raises(Died):
            running.work(workspace=acme, job=job, clock=Clock(4, die))
    with workspace_scope(acme.pk):
        ImportJob.objects.filter(pk=job.pk).update(lease_until=None)

    running.work(workspace=acme, job=job, clock=lambda: NOW)

    failed = centre.again(job)
    assert (failed.state, failed.error) == ("failed", "It stopped 5 times near row 0. What came in before stays.")


def test_a_turn_ends_after_some_minutes_and_the_next_one_goes_on(centre, acme, job):
    times = iter([NOW, NOW, NOW, NOW, NOW + 2 * running.TURN])

    assert running.work(workspace=acme, job=job, clock=lambda: next(times)) is True
    assert names(acme) == ["A-1"]
    assert running.work(workspace=acme, job=job, clock=lambda: NOW) is False

    assert names(acme) == ["A-1", "A-3", "A-4", "A-5"]


def test_a_trial_changes_nothing_and_says_that_it_looked_in_parts(centre, acme):
    job = centre.tried(TEXT)

    assert (job.state, names(acme), job.rows_expected) == ("tried", [], 5)
    assert any(sentence.startswith("A trial looks at") for sentence in job.report["said"])
    with workspace_scope(acme.pk):
        assert not RefusedRow.objects.filter(job=job).exists()


def test_the_file_and_its_rows_are_deleted_after_their_time_and_the_report_stays(centre, acme, job, settings):
    running.work(workspace=acme, job=job)
    later = NOW + timedelta(days=settings.IMPORT_FILES_KEPT_DAYS, hours=1)

    with workspace_scope(acme.pk):
        assert actions.erase_old(workspace=acme, now=NOW) == 0
        assert actions.erase_old(workspace=acme, now=later) == 1
        assert not ImportPiece.objects.filter(job=job).exists()
        assert not RefusedRow.objects.filter(job=job).exists()

    page = centre.look(centre.again(job)).content.decode()
    assert "4 rows of companies are in, 1 refused." in page
    assert "were deleted" in page
    assert centre.say(job, "again", kind="contacts").status_code == 302
    assert centre.latest().pk == job.pk


def test_what_was_done_is_written_down_with_counts_and_no_cell(centre, acme, ana, job):
    running.work(workspace=acme, job=job)

    with workspace_scope(acme.pk):
        events = list(
            acme.events.filter(subject_id=job.pk).order_by("sequence").values_list("type", "actor_id", "data")
        )
    counts = {"id": job.public_id, "kind": "companies", "rows_in": 4, "rows_refused": 1}
    assert events == [
        ("import.started", ana.pk, {**counts, "rows_in": 0, "rows_refused": 0}),
        ("import.done", ana.pk, counts),
    ]
