"""Settings, from the environment with the prefix FIELDAPP_ (docs/operations.md lists each)."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from models.account import Role

ROOT = Path(__file__).resolve().parent.parent
S3 = "s3://"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FIELDAPP_")

    mode: Literal["production", "demo"] = "production"
    data_dir: Path = ROOT / "data"
    database_url: str = ""
    workers: int = Field(default=1, ge=1, le=64)
    redis_url: str = ""
    photo_store: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: SecretStr = SecretStr("")
    public_origin: str = ""
    host: str = "0.0.0.0"
    port: int = 8000
    card_host: str = "toso.quangngai.gov.vn"
    head_names: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    desk_session_hours: int = 12
    phone_session_days: int = 180
    enrolment_hours: int = 72
    invitation_sheet_days: int = Field(default=14, ge=1, le=60)
    account_link_hours: int = Field(default=24, ge=1)
    second_step_roles: str = ""
    second_step_key: SecretStr = SecretStr("")
    oidc_issuer: str = Field(default="", pattern=r"^(|https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?)$")
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    oidc_claim: str = "email"
    oidc_name: str = ""
    undecided_days: int = Field(default=7, ge=1)
    difficulty_days_high: int = Field(default=3, ge=0)
    difficulty_days_medium: int = Field(default=7, ge=0)
    difficulty_days_low: int = Field(default=15, ge=0)
    rights_answer_days: int = Field(default=2, ge=0)
    rights_days_withdraw: int = Field(default=15, ge=0)
    rights_days_access: int = Field(default=10, ge=0)
    rights_days_erase: int = Field(default=20, ge=0)
    retention_at: int = Field(default=2, ge=0, le=23)
    keep_photos_months: int = Field(default=12, ge=1)
    keep_words_months: int = Field(default=24, ge=1)
    keep_trail_months: int = Field(default=24, ge=24)
    spot_check_percent: int = Field(default=5, ge=0, le=100)
    sign_in_attempts: int = 5
    sign_in_lock_minutes: int = 15
    push_max_records: int = 100
    push_max_bytes: int = 1_000_000
    pull_page: int = 500
    pull_days: int = 62
    backup_dir: Path | None = None
    backup_keys: str = ""
    backup_at: int | None = Field(default=None, ge=0, le=23)
    backup_keep: int = Field(default=14, ge=1)
    notice_contact: str = Field(default="", pattern=r"^(|mailto:[^@\s]+@[^@\s]+|https://\S+)$")
    webhook_networks: str = ""
    proxies: str = ""
    open_data: str = Field(default="", max_length=200)
    rate_address: int = 300
    rate_account: int = 10
    rate_session: int = 600
    body_wait_seconds: float = 20

    @property
    def database(self) -> str:
        """The async database address; SQLite under the data folder unless one is given."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'fieldapp.sqlite3'}"

    @property
    def photo_bucket(self) -> str:
        """Bucket and prefix of photos in S3-compatible storage, or nothing where they lie in a folder."""
        return self.photo_store.removeprefix(S3) if self.photo_store.startswith(S3) else ""

    @property
    def backups(self) -> Path:
        """Where backups and the ledger of erasures lie."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def trusted_proxies(self) -> list[str]:
        """The proxies in front as networks, each address a network of one. Raises ValueError for what is neither."""
        return [str(network) for network in _listed(self.proxies)]

    @property
    def receivers(self) -> list[IPv4Network | IPv6Network]:
        """Networks behind this server in which webhooks may be received. Raises ValueError for what is none."""
        return _listed(self.webhook_networks)

    @property
    def roles_with_second_step(self) -> "frozenset[Role]":
        """The roles that must give a code of their phone at sign-in. Raises ValueError for a word that is no role."""
        return _roles(self.second_step_roles)

    @property
    def origin(self) -> str:
        """The exact origin that browsers show: scheme, host, port; no slash at the end."""
        return (self.public_origin or f"http://localhost:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether cookies carry Secure and the __Host- prefix."""
        return urlsplit(self.origin).scheme == "https"


def _listed(named: str) -> list[IPv4Network | IPv6Network]:
    return [network for part in named.split(",") if part.strip() for network in _networks(part.strip())]


def _networks(named: str) -> list[IPv4Network | IPv6Network]:
    """A network as it is meant, whatever bits of a host stand in it. A socket that takes IPv4 and IPv6 alike shows the
    first in the form of the second."""
    network = ip_network(named, strict=False)
    if isinstance(network, IPv6Network):
        return [network]
    return [network, IPv6Network(f"::ffff:{network.network_address}/{96 + network.prefixlen}")]


@lru_cache
def _roles(named: str) -> "frozenset[Role]":
    """The record is imported only where it is asked for: the process that watches over the workers needs none of it."""
    from models.account import Role

    return frozenset(Role(word) for word in named.replace(",", " ").split())


@lru_cache
def settings() -> Settings:
    return Settings()
