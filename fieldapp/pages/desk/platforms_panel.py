"""The panel beside the platforms: one platform's names, icon, place and steps, and the way to stop using it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon, joined
from fieldapp.components.form import field, folded, form, hidden_field, said, side_panel, text_field, tick_field
from fieldapp.components.kept_list import arrow
from fieldapp.components.words import local, t, told
from fieldapp.device.store import count, some
from fieldapp.domain.platform_form import COMMITMENT, ICONS, MAX_NAME, MAX_SHORT, Applies, Way
from fieldapp.pages.desk.platforms_state import PlatformsState
from fieldapp.pages.desk.platforms_view import StepView
from fieldapp.states.option import Option
from models.platform import Pillar


def platform_panel() -> rx.Component:
    one = PlatformsState.chosen
    is_new = PlatformsState.panel == "new"
    title = rx.cond(is_new, t("platforms.new"), local(one.short_vi, one.short_en))
    wrong = told("problem", PlatformsState.problem, PlatformsState.problem_params)
    parts = rx.fragment(
        rx.cond(PlatformsState.problem != "", rx.el.p(wrong, class_name="error")),
        said(
            rx.cond(
                PlatformsState.done == "step_kept", t("platforms.said.step_kept", name=PlatformsState.done_name), ""
            )
        ),
        rx.el.h3(t("platforms.about")),
        _about(),
        rx.cond(is_new, rx.el.p(t("platforms.steps_later"), class_name="soft small"), rx.fragment(_steps(), _retire())),
        key=joined(one.code, PlatformsState.drawn),
    )
    return side_panel(title, PlatformsState.close, parts)


def _about() -> rx.Component:
    one = PlatformsState.chosen
    pillars = [rx.el.option(t(f"pillar.{pillar}"), value=str(pillar)) for pillar in Pillar]
    first = rx.el.option(t("platforms.choose_pillar"), value="", disabled=True)
    return form(
        hidden_field("platform", one.code),
        _name("short_vi", MAX_SHORT, one.short_vi, t("platforms.short_hint", n=MAX_SHORT), required=True),
        _name("name_vi", MAX_NAME, one.name_vi, required=True),
        _name("short_en", MAX_SHORT, one.short_en, t("platforms.english_hint")),
        _name("name_en", MAX_NAME, one.name_en),
        field(
            t("platforms.pillar"),
            rx.el.select(first, *pillars, name="pillar", required=True, default_value=one.pillar),
        ),
        _icons(),
        tick_field(
            "approved", t("platforms.is_approved"), t("platforms.is_approved_hint"), default_checked=one.approved
        ),
        _applies(),
        send=t("platforms.keep"),
        on_submit=PlatformsState.keep,
        reset_on_submit=False,
    )


def _name(name: str, most: int, value: Any, hint: Any = None, **props: Any) -> rx.Component:
    return text_field(name, t(f"platforms.{name}"), hint, max_length=most, default_value=value, **props)


def _step_names(vietnamese: Any, english: Any) -> rx.Component:
    return rx.fragment(
        text_field("name_vi", t("platforms.step_vi"), required=True, max_length=MAX_NAME, default_value=vietnamese),
        text_field("name_en", t("platforms.step_en"), max_length=MAX_NAME, default_value=english),
    )


def _icons() -> rx.Component:
    def one(name: str) -> rx.Component:
        box = rx.el.input(
            type="radio", name="icon", value=name, default_checked=PlatformsState.chosen.icon == name, class_name="sr"
        )
        words = t(f"platforms.icon.{name.replace('-', '_')}")
        return rx.el.label(
            box, icon(name), rx.el.span(words, class_name="sr"), class_name="option icon-choice", title=words
        )

    return rx.el.fieldset(
        rx.el.legend(t("platforms.icon")), rx.el.div(*(one(name) for name in ICONS), class_name="icon-choices")
    )


def _applies() -> rx.Component:
    chosen = some(PlatformsState.chosen.communes)

    def way(applies: Applies, here: Any) -> rx.Component:
        box = rx.el.input(type="radio", name="applies", value=str(applies), default_checked=here)
        return rx.el.label(box, rx.el.span(t(f"platforms.applies.{applies}")), class_name="option")

    def commune(option: Option) -> rx.Component:
        ticked = rx.Var.create(PlatformsState.chosen.communes).to(list[str]).contains(option.value)
        return tick_field(joined("tick_", option.value), option.label, default_checked=ticked, key=option.value)

    communes = rx.el.fieldset(
        rx.el.legend(t("platforms.communes")),
        rx.el.div(rx.foreach(PlatformsState.communes, commune), class_name="ticks"),
        class_name="only-some",
    )
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend(t("platforms.applies")), way(Applies.EVERYWHERE, ~chosen), way(Applies.SOME, chosen)
        ),
        communes,
    )


def _steps() -> rx.Component:
    one = PlatformsState.chosen
    new = form(
        hidden_field("platform", one.code),
        _step_names("", ""),
        send=t("platforms.add_step"),
        on_submit=PlatformsState.keep_step,
        kind="compact",
    )
    old = folded(t("platforms.old_steps"), rx.el.ul(rx.foreach(one.old_steps, _old_step), class_name="bars"))
    return rx.el.section(
        rx.el.h3(t("platforms.steps")),
        rx.el.p(t("platforms.steps_mean"), class_name="soft small"),
        rx.cond(
            some(one.steps),
            rx.el.ol(
                rx.foreach(one.steps, lambda step, index: _step(step, index, count(one.steps))), class_name="bars"
            ),
            rx.el.p(t("platforms.no_steps"), class_name="soft"),
        ),
        folded(t("platforms.add_step"), new),
        rx.cond(some(one.old_steps), old),
        class_name="stack",
    )


def _step(step: StepView, index: Any, total: Any) -> rx.Component:
    code, name = PlatformsState.chosen.code, local(step.name_vi, step.name_en)
    rename = form(
        hidden_field("platform", code),
        hidden_field("step", step.code),
        _step_names(step.name_vi, step.name_en),
        send=t("platforms.keep"),
        on_submit=PlatformsState.keep_step,
        kind="compact",
        reset_on_submit=False,
    )
    stop = button(
        t("platforms.stop_step"), kind="compact danger", on_click=PlatformsState.use_step(code, step.code, False)
    )
    counted = rx.el.p(t("problem.step_counted"), class_name="soft small")
    return rx.el.li(
        rx.el.div(
            rx.el.span(index + 1, ". ", name, class_name="grow strong"),
            arrow("platforms", Way.UP, name, index == 0, PlatformsState.move_step(code, step.code, str(Way.UP))),
            arrow(
                "platforms",
                Way.DOWN,
                name,
                index + 1 == total,
                PlatformsState.move_step(code, step.code, str(Way.DOWN)),
            ),
            class_name="row",
        ),
        folded(
            rx.fragment(t("platforms.change_step"), rx.el.span(" ", name, class_name="sr")),
            rename,
            rx.cond(step.code == COMMITMENT, counted, stop),
        ),
        key=step.code,
    )


def _old_step(step: StepView) -> rx.Component:
    name = local(step.name_vi, step.name_en)
    back = PlatformsState.use_step(PlatformsState.chosen.code, step.code, True)
    return rx.el.li(
        rx.el.div(
            rx.el.span(name, class_name="grow"),
            button(t("platforms.use_step"), rx.el.span(" ", name, class_name="sr"), kind="compact", on_click=back),
            class_name="row",
        ),
        key=step.code,
    )


def _retire() -> rx.Component:
    stop = button(t("platforms.retire"), kind="danger", on_click=PlatformsState.retire(PlatformsState.chosen.code))
    return folded(t("platforms.retire"), rx.el.p(t("platforms.retire_means"), class_name="soft small"), stop)
