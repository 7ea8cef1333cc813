"""How Reflex builds and serves the site. What varies by place stands in fieldapp/config.py."""

import os

os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ.setdefault("REFLEX_SOCKET_INTERVAL", "10")
os.environ.setdefault("REFLEX_SOCKET_TIMEOUT", "10")
os.environ.setdefault("REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE", "64000")

import reflex as rx

from fieldapp.components.offline_plugin import OfflinePlugin
from fieldapp.config import settings

# What desk screens hold is data like the rest: it lies with it, and two servers of one clone do not share it.
os.environ.setdefault("REFLEX_STATES_WORKDIR", str(settings().data_dir.resolve() / "states"))

config = rx.Config(
    app_name="fieldapp",
    backend_port=settings().port,
    api_url=settings().origin,
    deploy_url=settings().origin,
    redis_url=settings().redis_url or None,
    cors_allowed_origins=[settings().origin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    # No component is made while the site runs: nobody needs whole libraries on every page for that.
    frontend_lazy_bundled_libraries=True,
    plugins=[OfflinePlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin, rx.plugins.RadixThemesPlugin],
)
