"""What comes in from outside is bounded and can be stored by every database: each text and number of each form."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

import fieldapp.fieldapp  # noqa: F401
from fieldapp.domain.given import PlainText

GO_OUT = ("fieldapp.api.document", "fieldapp.api.shapes", "fieldapp.domain.archive", "fieldapp.config")
"""Answers of ours, our own backups, and settings."""

COMPARED_ONLY = {("Envelope", "author"), ("HouseholdPayload", "village")}
"""Numbers of any size that are held against known ones and never reach a database."""


def forms(above: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for model in above.__subclasses__():
        yield from forms(model)
        if model.__module__.startswith("fieldapp.") and not model.__module__.startswith(GO_OUT):
            yield model


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that says what a value must be."""
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from parts(part)


def is_bounded(part: dict[str, Any]) -> bool:
    if part.get("type") == "integer":
        return "maximum" in part and bool(part.keys() & {"minimum", "exclusiveMinimum"})
    if part.get("type") != "string" or part.keys() & {"enum", "const", "format"}:
        return True
    return "pattern" in part and ("maxLength" in part or part["pattern"] != PLAIN)


class Plain(BaseModel):
    text: PlainText


PLAIN = Plain.model_json_schema()["properties"]["text"]["pattern"]


def test_every_text_and_number_that_comes_in_is_bounded():
    found = {
        (model.__name__, name)
        for model in forms()
        for name, schema in model.model_json_schema(by_alias=False).get("properties", {}).items()
        for part in parts(schema)
        if not is_bounded(part)
    }
    assert found == COMPARED_ONLY
    assert {"SignIn", "VisitFilter", "VisitPayload", "ReopenForm"} <= {model.__name__ for model in forms()}
