"""Connections to the open internet, and to nothing behind this server but what the settings name.

A connection goes to the very address that was looked up, so that no name can lead into the network behind this server.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, cast

import httpcore
import httpx

from fieldapp.domain.notice import is_public

Networks = Sequence[IPv4Network | IPv6Network]
FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError, TimeoutError)


class NotPublic(Exception):
    """A name that stands for an address behind this server, or for none that is anybody's."""


class _Guarded(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses and those of `networks` alone, after the name was looked up here."""

    def __init__(self, networks: Networks = ()) -> None:
        self._network = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())
        self._networks = networks

    async def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
        if not addresses or not all(self._is_open(address) for address in addresses):
            raise NotPublic(host)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, *args, **options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(addresses[-1], port, *args, **options)

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    def _is_open(self, address: str) -> bool:
        named = ip_address(address.partition("%")[0])
        return is_public(address) or any(named in network for network in self._networks)


def pool(networks: Networks = ()) -> httpcore.AsyncConnectionPool:
    """Follows nobody elsewhere and keeps no connection: a round tells few, in many places."""
    return httpcore.AsyncConnectionPool(ssl_context=ssl.create_default_context(), network_backend=_Guarded(networks))


class _Transport(httpx.AsyncBaseTransport):
    """httpx over the guarded pool. Of an answer it gives the status alone: nobody reads what a receiver has to say.

    What fails on the way is an httpx.TransportError, by the name of what failed.
    """

    def __init__(self, networks: Networks) -> None:
        self._pool = pool(networks)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = httpcore.Request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=await request.aread(),
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(sent)
            await answer.aclose()
        except (*FAILURES, NotPublic, httpcore.UnsupportedProtocol) as error:
            raise httpx.TransportError(type(error).__name__, request=request) from error
        return httpx.Response(answer.status)

    async def aclose(self) -> None:
        await self._pool.aclose()


@asynccontextmanager
async def client(networks: Networks = (), seconds: float = 10) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches the open internet and `networks`; it follows no redirects."""
    async with httpx.AsyncClient(transport=_Transport(networks), timeout=seconds, follow_redirects=False) as made:
        yield made
