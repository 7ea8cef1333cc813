"""The front door: what this is, and the officers' sign-in. A plain form posted by the page itself."""

import reflex as rx

from fieldapp.components.base import icon
from fieldapp.components.words import t
from fieldapp.device.store import SIGN_IN


class SignInForm(rx.Component):
    """Posts name and password to the API, so that the cookie is set by an answer and never seen by a script."""

    library = SIGN_IN
    tag = "SignInForm"


def sign_in_page() -> rx.Component:
    return rx.el.div(
        rx.el.main(
            rx.el.div(
                rx.el.p(t("app.name"), class_name="brand big-brand"),
                rx.el.h1(t("app.what")),
                class_name="stack",
            ),
            rx.el.section(rx.el.h2(t("sign_in.title")), SignInForm.create(), class_name="card stack"),
            rx.el.section(
                rx.el.p(t("sign_in.members"), class_name="soft"),
                rx.el.a(
                    icon("smartphone"), t("sign_in.phone"), href="/m/", class_name="button wide", reload_document=True
                ),
                class_name="card stack",
            ),
        ),
        class_name="gate",
    )
