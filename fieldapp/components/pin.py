"""The PIN under Tôi: it comes as a piece of its own, for who opens that screen."""

import reflex as rx

from fieldapp.device.store import PIN


class PinSettings(rx.NoSSRComponent):
    library = PIN
    tag = "PinSettings"
