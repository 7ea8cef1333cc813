"""Hints beside the work: the home screen, notices. They come as a piece of their own, when there may be one to show."""

import reflex as rx

from fieldapp.device.store import HINTS


class HintCard(rx.NoSSRComponent):
    """One hint at most: `only` says for which kind this place is, notices or install."""

    library = HINTS
    tag = "HintCard"
    only: rx.Var[str]


class OwnHints(rx.NoSSRComponent):
    """All of them, for whoever looks for them."""

    library = HINTS
    tag = "OwnHints"
