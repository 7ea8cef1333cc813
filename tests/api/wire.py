"""The API behind gate and edge, for tests that speak to it over a real wire."""

from starlette.types import ASGIApp

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.api.gate import Gate


def app() -> ASGIApp:
    return Edge(Gate(create_api()))
