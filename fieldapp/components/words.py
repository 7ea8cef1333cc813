"""Words on screens: a reactive lookup in the catalogue (assets/i18n), the same on phone and desk."""

from typing import Any

import reflex as rx
from reflex.vars import StringVar, Var, VarData

from fieldapp import i18n
from fieldapp.device.store import WORD_PARTS, WORDS

_WORDS = VarData(imports={WORDS: [rx.ImportVar(tag="useWords")]}, hooks={"const words = useWords();": None})


def _speaking(key: Any) -> VarData:
    """What a page needs to speak a key: the look-up, and the part of the catalogue in which it is.

    A key that only the browser knows is of the part that every page has.
    """
    brought = WORD_PARTS.get(i18n.part_of(key.split(".")[0]) or "") if isinstance(key, str) else None
    if brought is None:
        return _WORDS
    path, tag = brought
    merged = VarData.merge(_WORDS, VarData(imports={path: [rx.ImportVar(tag=tag)]}))
    assert merged is not None
    return merged


def t(key: str | Var, **params: Any) -> StringVar:
    """The words of a key, its `{name}` places filled; key and places may be reactive."""
    spoken = Var.create(key)
    filled = {name: Var.create(value) for name, value in params.items()}
    places = "{" + ", ".join(f"{name}: {value!s}" for name, value in filled.items()) + "}"
    expression = f"words.t({spoken!s}, {places})" if params else f"words.t({spoken!s})"
    given = (v._get_all_var_data() for v in (spoken, *filled.values()))
    var_data = VarData.merge(_speaking(key), *given)
    return Var(expression, _var_type=str, _var_data=var_data).to(str)


def tk(prefix: str, code: Any) -> StringVar:
    """The words of `prefix.code` where the code is reactive: closed words of the record."""
    spoken = Var.create(prefix + ".").to(str) + Var.create(code).to(str)
    return t(spoken._replace(merge_var_data=_speaking(prefix)))


def told(prefix: str, code: Any, params: Any) -> StringVar:
    """`tk` whose places are filled from a reactive mapping: what a Problem says with its `params`."""
    spoken, filled = Var.create(prefix + ".").to(str) + Var.create(code).to(str), Var.create(params)
    var_data = VarData.merge(_speaking(prefix), spoken._get_all_var_data(), filled._get_all_var_data())
    return Var(f"words.t({spoken!s}, {filled!s})", _var_type=str, _var_data=var_data).to(str)


def number(value: Any) -> StringVar:
    """A count as the language writes it: 12.345 or 12,345."""
    count = Var.create(value)
    var_data = VarData.merge(_WORDS, count._get_all_var_data())
    return Var(f"new Intl.NumberFormat(words.locale).format({count!s})", _var_type=str, _var_data=var_data).to(str)


def local(vietnamese: Any, english: Any) -> StringVar:
    """Of two texts that the record holds, the one in the language of the screen."""
    both = Var.create(vietnamese), Var.create(english)
    var_data = VarData.merge(_WORDS, *(v._get_all_var_data() for v in both))
    expression = f'(words.locale === "en" ? {both[1]!s} : {both[0]!s})'
    return Var(expression, _var_type=str, _var_data=var_data).to(str)


def locale() -> StringVar:
    """The language of the screen: vi or en."""
    return Var("words.locale", _var_type=str, _var_data=_WORDS).to(str)
