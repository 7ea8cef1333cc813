"""Every named failure, in one place: a stable code, an HTTP status; its words stand in the catalogue (`problem.*`)."""

from typing import Any

STATUS = {
    "not_signed_in": 401,
    "session_closed": 401,
    "wrong_password": 401,
    "locked_out": 429,
    "forbidden": 403,
    "wrong_origin": 403,
    "not_found": 404,
    "enrolment_spent": 410,
    "enrolment_unknown": 404,
    "enrolment_code_wrong": 404,
    "enrolment_code_paused": 429,
    "invalid": 422,
    "too_large": 413,
    "too_many_records": 413,
    "wrong_offset": 409,
    "wrong_hash": 422,
    "wrong_size": 422,
    "platform_unknown": 422,
    "household_unknown": 422,
    "card_unknown": 422,
    "card_taken": 422,
    "visit_unknown": 422,
    "visit_decided": 422,
    "activity_unknown": 422,
    "comment_unknown": 422,
    "not_author": 403,
    "replaced_already": 422,
    "not_of_team": 422,
    "made_in_future": 422,
    "note_identity": 422,
    "reason_missing": 422,
    "repeated": 422,
    "out_of_scope": 403,
    "own_visit": 403,
    "leader_decides": 403,
    "delegated_already": 409,
    "held_refused": 422,
    "sorted_already": 409,
    "rescue_foreign": 422,
    "rescue_newer": 422,
    "rescue_key_wrong": 422,
    "rescue_broken": 422,
    "rescue_unproven": 403,
    "rescue_phone_closed": 403,
    "nothing_chosen": 422,
    "photo_not_image": 422,
    "photo_too_many_pixels": 422,
    "photo_broken": 422,
    "photo_wrong_type": 422,
    "file_too_large": 413,
    "sound_too_large": 413,
    "sound_wrong_type": 422,
    "sound_broken": 422,
    "narrations_full": 409,
    "username_taken": 422,
    "username_wrong": 422,
    "name_missing": 422,
    "unit_wrong": 422,
    "own_account": 409,
    "last_admin": 409,
    "provider_name_taken": 422,
    "provider_failed": 502,
    "provider_unknown": 403,
    "account_blocked": 403,
    "account_link_spent": 410,
    "code_needed": 401,
    "code_wrong": 401,
    "second_step_on": 409,
    "second_step_off": 409,
    "password_short": 422,
    "sample_refused": 409,
    "workers_need_postgresql": 409,
    "workers_need_redis": 409,
    "redis_unreachable": 503,
    "photo_store_unknown": 409,
    "proxies_unknown": 409,
    "backup_key_missing": 422,
    "backup_key_wrong": 422,
    "backup_unknown": 404,
    "backup_foreign": 422,
    "backup_damaged": 422,
    "backup_newer": 422,
    "backup_running": 409,
    "restore_not_empty": 409,
    "restore_broken": 422,
    "ledger_short": 409,
    "busy": 503,
    "rate_limited": 429,
    "too_slow": 408,
    "malformed": 400,
    "method_unknown": 405,
    "encoded_body": 415,
}


class Problem(Exception):
    """A failure that a person can understand and a program can name.

    `field` points into the payload (dotted); `params` fill the words of the catalogue.
    """

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    @property
    def status(self) -> int:
        return STATUS[self.code]

    def to_dict(self) -> dict[str, Any]:
        """The problem as an answer's body."""
        body: dict[str, Any] = {"code": self.code}
        if self.field:
            body["field"] = self.field
        if self.params:
            body["params"] = self.params
        return body
