"""Where the link of an account leads: its owner sets a password, which nobody else ever sees."""

import reflex as rx

from fieldapp.components.words import t
from fieldapp.device.store import SET_PASSWORD


class SetPasswordForm(rx.Component):
    """Reads the secret behind # and posts the password to the API: neither is seen by a state."""

    library = SET_PASSWORD
    tag = "SetPasswordForm"


def set_password_page() -> rx.Component:
    return rx.el.div(
        rx.el.main(
            rx.el.p(t("app.name"), class_name="brand big-brand"),
            rx.el.section(rx.el.h1(t("set_password.title")), SetPasswordForm.create(), class_name="card stack"),
        ),
        class_name="gate",
    )
