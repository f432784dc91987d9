"""Files in the hands of somebody who is signed in."""

import io
import re

import pytest
from django.urls import reverse

from accounts.imports import tasks
from accounts.imports.models import ImportJob
from accounts.members.models import User
from accounts.tenancy.scope import workspace_scope


class Centre:
    """The import centre of Acme as its owner uses it; the worker's part is done by `carry_on`."""

    def __init__(self, client, workspace):
        self.client, self.workspace = client, workspace

    def url(self, name, job=None):
        return reverse(f"import-{name}", args=["acme", *([job.public_id] if job else [])])

    def upload(self, content, name="rows.csv", **fields):
        data = content if isinstance(content, bytes) else content.encode()
        file = io.BytesIO(data)
        file.name = name
        return self.client.post(self.url("list"), {"file": file, "kind": "", **fields})

    def received(self, content, **fields):
        """The job of a file that was taken."""
        answer = self.upload(content, **fields)
        assert answer.status_code == 302, answer.context["form"].errors
        return self.latest()

    def latest(self):
        with workspace_scope(self.workspace.pk):
            return ImportJob.objects.filter(workspace=self.workspace).latest("created_at")

    def again(self, job):
        with workspace_scope(self.workspace.pk):
            return ImportJob.objects.select_related("workspace").get(pk=job.pk)

    def look(self, job, query=""):
        return self.client.get(self.url("show", job) + query)

    def fields(self, job, query=""):
        """The form of the columns as the page has it."""
        text = self.look(job, query).content.decode()
        kind = re.search(r'name="kind" value="(\w+)"', text)[1]
        currency = re.search(r'name="currency"[^>]*value="(\w*)"', text)[1]
        told = {}
        for name, options in re.findall(
            r'<select (?:id="\w+" )?name="((?:column|format)_\d+)".*?>(.*?)</select>', text
        ):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            told[name] = chosen[1] if chosen else ""
        return {"kind": kind, "currency": currency, "do": "try", **told}

    def say(self, job, name, **fields):
        return self.client.post(self.url(name, job), fields)

    def carry_on(self, job):
        tasks.work(workspace_id=str(self.workspace.pk), job_id=str(job.pk))
        return self.again(job)

    def tried(self, content, **fields):
        job = self.received(content, **fields)
        self.say(job, "columns", **self.fields(job))
        return self.carry_on(job)

    def imported(self, content, **fields):
        job = self.tried(content, **fields)
        self.say(job, "start")
        return self.carry_on(job)


@pytest.fixture
def centre(client, acme, ana):
    client.force_login(User.objects.get(pk=ana.user_id))
    return Centre(client, acme)
