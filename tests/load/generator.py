"""The load: clients that send prepared requests, one after another, over connections that stay open.

Runs in a process of its own and imports nothing of the product, so that it takes little of the machine.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

Request = tuple[bytes, ...]
"""In pieces, so that a picture that many requests share is held and handed over once."""

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Errand:
    """Requests to be made in this order, ready for the wire; their answers name `created` so often."""

    requests: tuple[Request, ...]
    created: int


@dataclass(frozen=True)
class Load:
    """What came of a round: its length, the wait of each errand (seconds), errands done by each client."""

    seconds: float
    waits: list[float]
    done: list[int]


def run(port: int, errands: Sequence[Sequence[Errand]], seconds: float) -> Load:
    """Sends each client's errands until the time or the errands are over. Raises on an answer that is not `created`."""
    return asyncio.run(_run(port, errands, seconds))


async def _run(port: int, errands: Sequence[Sequence[Errand]], seconds: float) -> Load:
    connections = [await asyncio.open_connection("127.0.0.1", port, limit=2**20) for _ in errands]
    started = time.perf_counter()
    until = started + seconds
    clients = [_client(*c, mine, until) for c, mine in zip(connections, errands, strict=True)]
    waits = await asyncio.gather(*clients)
    spent = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
    return Load(spent, [w for mine in waits for w in mine], [len(mine) for mine in waits])


async def _client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, errands: Sequence[Errand], until: float
) -> list[float]:
    waits = []
    for errand in errands:
        started = time.perf_counter()
        if started > until:
            break
        created = 0
        for request in errand.requests:
            writer.writelines(request)
            created += (await _answer(reader)).count(b'"created"')
        if created != errand.created:
            raise RuntimeError(f"{created} of {errand.created} created")
        waits.append(time.perf_counter() - started)
    return waits


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    if head[9:10] != b"2":
        raise RuntimeError((head + body).decode(errors="replace"))
    return body
