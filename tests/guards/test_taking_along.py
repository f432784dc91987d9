"""Whoever takes a workspace along gets all of it, and nothing that opens a door."""

import re

from django.apps import apps

from accounts.archives import tables
from accounts.lifecycle import purging

_OPENS = re.compile(r"secret|nonce|sealed|key_hash|token|password")


def ours():
    return {
        model._meta.label: model
        for model in apps.get_models()
        if any(field.name == "workspace" for field in model._meta.fields)
    }


def test_every_table_of_a_workspace_is_taken_along_or_says_why_not():
    assert set(tables.tables()) | set(tables.LEFT_OUT) == set(ours())
    assert all(tables.LEFT_OUT.values())


def test_no_column_that_opens_something_is_taken_along():
    taken = {f"{label}.{field.name}" for label in tables.tables() for field in tables.columns(label)}

    assert {name for name in taken if _OPENS.search(name.rpartition(".")[2])} == set()


def test_every_exception_is_still_there():
    columns = {f"{label}.{field.name}" for label, model in ours().items() for field in model._meta.concrete_fields}

    assert set(tables.SECRET) <= columns
    assert set(tables.LEFT_OUT) <= set(ours())


def test_a_purge_reaches_every_table_children_first():
    order = [model._meta.label for model in purging.tables()]

    assert set(order) == set(ours())
    for label, model in ours().items():
        for field in model._meta.fields:
            parent = field.related_model
            if field.is_relation and parent is not model and parent._meta.label in order:
                assert order.index(label) < order.index(parent._meta.label), f"{label}.{field.name}"
