"""Part of every form with photos: a picture is looked at. Who is in it, did they agree, is it blurred, does it stay?"""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, icon, pill, sheet
from fieldapp.components.phone_shell import BlurTool, PhotoCamera
from fieldapp.components.words import t
from fieldapp.device.shapes import Picture
from fieldapp.device.store import count, page, picture, picturing

WAYS = ("oral", "signed")


def photo_strip(pictures: Any, is_open: Any) -> rx.Component:
    """The photos of a form, and the way to take one; `is_open`: a face in one of them keeps it from being saved."""
    add = rx.el.button(
        icon("camera"),
        type="button",
        class_name="add-photo",
        aria_label=t("photo.add"),
        on_click=picturing.act("openCamera"),
    )
    return rx.el.section(
        rx.el.h2(t("photo.title")),
        rx.el.div(rx.foreach(pictures, thumbnail), rx.cond(count(pictures) < 3, add), class_name="thumbs"),
        rx.cond(is_open, rx.el.p(t("record.face_open"), class_name="error", role="alert")),
        rx.el.p(t("photo.warning"), class_name="soft small"),
        class_name="card stack",
    )


def camera_and_sheet() -> rx.Component:
    """What a form with photos has over it: the camera, and the picture that is looked at."""
    return rx.fragment(rx.cond(page.camera, PhotoCamera.create()), picture_sheet())


def shown_photos(pictures: Any, words: Any) -> rx.Component:
    """Photos where what they belong to is listed; one that may not be seen here, or was not decoded yet, is blank."""

    def seen(photo: Picture) -> rx.Component:
        away = rx.el.span(icon("image"), t("photo.elsewhere"), class_name="away small soft")
        return rx.el.span(
            rx.cond(photo.url != "", rx.el.img(src=photo.url, alt=words), away), class_name="thumb", key=photo.hash
        )

    return rx.cond(count(pictures) > 0, rx.el.div(rx.foreach(pictures, seen), class_name="thumbs"))


def thumbnail(photo: Picture) -> rx.Component:
    """A photo of what is recorded; one that was sent and is no longer on this phone has no picture here."""
    away = rx.el.span(icon("image"), t("photo.elsewhere"), class_name="away small soft")
    shown = rx.cond(photo.url != "", rx.el.img(src=photo.url, alt=t("photo.alt")), away)
    return rx.el.button(
        shown,
        rx.cond(photo.open, rx.el.span(icon("triangle-alert"), class_name="mark")),
        type="button",
        class_name="thumb",
        aria_label=rx.cond(photo.open, t("picture.look_open"), t("picture.look")),
        on_click=picturing.act("lookAt", photo.hash),
        key=photo.hash,
    )


def _tick(words: Any, ticked: Any, action: str) -> rx.Component:
    """A question that is answered by a deed of one's own: it is never ticked beforehand."""
    return rx.el.button(
        words,
        type="button",
        class_name="option tick",
        role="checkbox",
        on_click=picturing.act(action, ~ticked),
        custom_attrs={"aria-checked": rx.cond(ticked, "true", "false")},
    )


def _consent() -> rx.Component:
    ways = [chip(t(f"picture.way_{way}"), picture.way == way, picturing.act("setWay", way)) for way in WAYS]
    asked = rx.el.div(
        rx.el.p(t("picture.way"), class_name="small strong"),
        rx.el.div(*ways, class_name="chips", role="group", aria_label=t("picture.way")),
        class_name="stack tight",
    )
    return rx.fragment(
        rx.el.p(t("picture.agreed_next"), class_name="soft small"),
        _tick(t("picture.agreed"), picture.agreed, "setAgreed"),
        rx.cond(picture.agreed, asked),
    )


def picture_sheet() -> rx.Component:
    blur = button(icon("pencil"), t("picture.blur"), kind="grow", on_click=picturing.act("startBlur"))
    drop = button(icon("trash-2"), t("picture.drop"), kind="grow danger", on_click=picturing.act("drop", picture.hash))
    keep = button(icon("check"), t("picture.keep"), kind="primary wide", on_click=picturing.act("leave"))
    # Smaller where questions follow, so that they are seen without scrolling.
    height = rx.cond(picture.clear, "110px", "220px")
    seen = rx.el.img(src=picture.url, alt=t("picture.alt"), class_name="evidence", style={"max_height": height})
    open_words = rx.cond(picture.agreed, t("picture.open_agreed"), t("picture.open"))
    return rx.fragment(
        sheet(
            picture.hash != "",
            t("picture.title"),
            picturing.act("leave"),
            rx.cond(picture.url != "", seen),
            rx.el.p(icon("triangle-alert"), t("photo.warning"), class_name="row strong"),
            rx.cond(picture.blurred, rx.el.div(pill(t("picture.blurred"), "done", "check"))),
            _tick(t("picture.clear"), picture.clear, "setClear"),
            rx.cond(picture.clear, _consent()),
            rx.el.div(rx.cond(picture.here, blur), drop, class_name="row"),
            rx.cond(picture.open, rx.el.p(open_words, class_name="error", role="status"), keep),
        ),
        rx.cond(picture.blurring, BlurTool.create()),
    )
