"""Reads a request's body up to a limit, whatever its headers claim."""

import json
from typing import Any

from fastapi import Request

from fieldapp.problems import Problem


async def read_bytes(request: Request, limit: int) -> bytes:
    """The body as it is. Raises `too_large` past `limit` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Problem("too_large", most=limit)
    return bytes(body)


async def read_json(request: Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object. Raises `too_large` past `limit` bytes, `invalid` if it is no object."""
    body = await read_bytes(request, limit)
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Problem("invalid", "body") from None
    if not isinstance(content, dict):
        raise Problem("invalid", "body")
    return content
