"""The panel beside the indicators: a new one, or what one is called and the way to stop using it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, joined
from fieldapp.components.form import date_field, field, folded, form, hidden_field, side_panel, text_field, tick_field
from fieldapp.components.words import local, t, told
from fieldapp.domain.indicator_form import MANUAL_UNITS, MAX_NAME, MAX_SHORT, UNITS
from fieldapp.pages.desk.indicators_state import IndicatorsState
from fieldapp.states.option import Option
from models.indicator import Section, Source
from models.visit import Beneficiary, Result


def indicator_panel() -> rx.Component:
    one, is_new = IndicatorsState.chosen, IndicatorsState.panel == "new"
    title = rx.cond(is_new, t("indicators.new"), local(one.short_vi, one.short_en))
    wrong = told("problem", IndicatorsState.problem, IndicatorsState.problem_params)
    parts = rx.fragment(
        rx.cond(IndicatorsState.problem != "", rx.el.p(wrong, class_name="error", role="alert")),
        rx.cond(is_new, _new(), rx.fragment(_rename(), _retire())),
        key=joined(one.code, IndicatorsState.drawn),
    )
    return side_panel(title, IndicatorsState.close, parts)


def _names(name_vi: Any = "", short_vi: Any = "", name_en: Any = "", short_en: Any = "") -> list[rx.Component]:
    return [
        text_field("name_vi", t("indicators.name_vi"), max_length=MAX_NAME, required=True, default_value=name_vi),
        text_field("short_vi", t("indicators.short_vi"), max_length=MAX_SHORT, required=True, default_value=short_vi),
        text_field("name_en", t("indicators.name_en"), max_length=MAX_NAME, default_value=name_en),
        text_field("short_en", t("indicators.short_en"), max_length=MAX_SHORT, default_value=short_en),
    ]


def _rename() -> rx.Component:
    one = IndicatorsState.chosen
    return form(
        hidden_field("code", one.code),
        rx.el.p(t("indicators.rename_hint"), class_name="soft small"),
        *_names(one.name_vi, one.short_vi, one.name_en, one.short_en),
        send=t("indicators.keep"),
        on_submit=IndicatorsState.rename,
        reset_on_submit=False,
    )


def _new() -> rx.Component:
    """What only an automatic one, or only one that is typed, needs is folded under its own heading."""
    return form(
        _choice("section", t("indicators.section"), [(str(s), t(f"reports.section.{s}")) for s in Section]),
        *_names(),
        date_field(
            "first", t("indicators.first"), t("indicators.first_hint"), required=True, min=IndicatorsState.earliest,
            default_value=IndicatorsState.earliest,
        ),
        _choice("source", t("indicators.source"), [(str(s), t(f"indicators.source.{s}")) for s in reversed(Source)]),
        folded(
            t("indicators.source.manual"),
            _choice("unit", t("indicators.unit"), [(str(u), t(f"reports.unit.{u}")) for u in MANUAL_UNITS]),
            tick_field("stock", t("indicators.stock"), t("indicators.stock_hint")),
        ),
        folded(t("indicators.source.auto"), *_formula()),
        send=t("indicators.keep"),
        on_submit=IndicatorsState.add,
        reset_on_submit=False,
    )  # fmt: skip


def _formula() -> list[rx.Component]:
    def ticks(name: str, boxes: Any) -> rx.Component:
        return rx.el.fieldset(rx.el.legend(t(f"indicators.{name}")), rx.el.div(boxes, class_name="ticks"))

    def known(name: str, subject: str, every: Any) -> rx.Component:
        return ticks(name, rx.fragment(*(tick_field(f"{name}:{one}", t(f"{subject}.{one}")) for one in every)))

    def listed(name: str, options: Any) -> rx.Component:
        def one(option: Option) -> rx.Component:
            return tick_field(joined(f"{name}:", option.value), option.label, key=option.value)

        return ticks(name, rx.foreach(options, one))

    return [
        _choice("counts", t("indicators.counts"), [(name, t(f"indicators.of.{name}")) for name in UNITS]),
        known("results", "result", Result),
        listed("platforms", IndicatorsState.platforms),
        known("beneficiaries", "beneficiary", Beneficiary),
        listed("steps", IndicatorsState.steps),
    ]


def _choice(name: str, label: Any, lines: list[tuple[str, Any]]) -> rx.Component:
    return field(label, rx.el.select(*(rx.el.option(words, value=value) for value, words in lines), name=name))


def _retire() -> rx.Component:
    stop = button(
        t("indicators.retire"), kind="danger", on_click=IndicatorsState.use(IndicatorsState.chosen.code, False)
    )
    return folded(t("indicators.retire"), rx.el.p(t("indicators.retire_means"), class_name="soft small"), stop)
