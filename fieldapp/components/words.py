"""Words on screens: a reactive lookup in the catalogue (assets/i18n), the same on phone and desk."""

from typing import Any

import reflex as rx
from reflex.vars import StringVar, Var, VarData

from fieldapp.device.store import WORDS

_WORDS = VarData(imports={WORDS: [rx.ImportVar(tag="useWords")]}, hooks={"const words = useWords();": None})


def t(key: str | Var, **params: Any) -> StringVar:
    """The words of a key, its `{name}` places filled; key and places may be reactive."""
    spoken = Var.create(key)
    filled = {name: Var.create(value) for name, value in params.items()}
    places = "{" + ", ".join(f"{name}: {value!s}" for name, value in filled.items()) + "}"
    expression = f"words.t({spoken!s}, {places})" if params else f"words.t({spoken!s})"
    var_data = VarData.merge(_WORDS, spoken._get_all_var_data(), *(v._get_all_var_data() for v in filled.values()))
    return Var(expression, _var_type=str, _var_data=var_data).to(str)


def tk(prefix: str, code: Any) -> StringVar:
    """The words of `prefix.code` where the code is reactive: closed words of the record."""
    return t(Var.create(prefix + ".").to(str) + Var.create(code).to(str))
