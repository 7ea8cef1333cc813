"""A sign-in by the province's own provider (OIDC) that has begun: what its answer is held against, once."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime


class ProviderAttempt(Stored, table=True):
    __tablename__ = "provider_attempt"

    state_hash: str = Field(max_length=64, primary_key=True)
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=64)
    """What proves at the provider that the code was asked for here (PKCE)."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
