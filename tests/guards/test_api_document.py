"""The published OpenAPI document describes every operation, without a doubt left."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.guards.test_api_operations import OPERATIONS


@pytest.fixture(scope="module")
def document():
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        made = SchemaGenerator().get_schema(public=True)
    doubts = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    GENERATOR_STATS.reset()
    return made, doubts


def test_the_document_is_valid_and_leaves_no_doubt(document):
    made, doubts = document

    validate_schema(made)
    assert doubts == {}


def test_every_operation_is_described(document):
    made, _doubts = document
    described = {(method, path.strip("/")) for path, methods in made["paths"].items() for method in methods}
    wanted = {(method, route.replace("<str:", "{").replace(">", "}")) for method, route, _view in OPERATIONS}

    assert wanted - described == set()


def test_the_document_is_json_when_asked_for_json(client, db):
    answer = client.get("/api/v1/schema", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["openapi"][:3]) == (200, "3.1")
