"""Platforms as their page shows them, and the list of them: pillar by pillar, in the order of phones' tiles."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import reflex as rx

from fieldapp.components.base import icon, pill
from fieldapp.components.words import local, number, t
from fieldapp.permissions import Action
from fieldapp.reports.platform_list import PlatformRow, StepRow
from fieldapp.states.session import DeskState
from models.platform import Pillar

SHOWN_COMMUNES = 3


@dataclass
class StepView:
    code: str = ""
    name_vi: str = ""
    name_en: str = ""


@dataclass
class PlatformView:
    """`where` names the first communes in which it applies, `more` is how many others there are."""

    code: str = ""
    name_vi: str = ""
    name_en: str = ""
    short_vi: str = ""
    short_en: str = ""
    pillar: str = ""
    icon: str = ""
    approved: bool = False
    used: bool = False
    here: bool = False
    first: bool = False
    last: bool = False
    where: str = ""
    more: int = 0
    communes: list[str] = field(default_factory=list)
    steps: list[StepView] = field(default_factory=list)
    old_steps: list[StepView] = field(default_factory=list)
    steps_vi: str = ""
    steps_en: str = ""


@dataclass
class PillarView:
    """The platforms of one pillar."""

    code: str = ""
    lines: list[PlatformView] = field(default_factory=list)


def show_platform(row: PlatformRow) -> PlatformView:
    used = [step for step in row.steps if step.used]
    return PlatformView(
        code=row.code,
        name_vi=row.name_vi,
        name_en=row.name_en,
        short_vi=row.short_vi,
        short_en=row.short_en,
        pillar=str(row.pillar),
        icon=row.icon,
        approved=row.approved,
        used=row.used,
        here=row.here,
        where=", ".join(name for _, name in row.communes[:SHOWN_COMMUNES]),
        more=max(0, len(row.communes) - SHOWN_COMMUNES),
        communes=[str(unit) for unit, _ in row.communes],
        steps=[_step(step) for step in used],
        old_steps=[_step(step) for step in row.steps if not step.used],
        steps_vi=" → ".join(step.name_vi for step in used),
        steps_en=" → ".join(step.name_en for step in used),
    )


def by_pillar(rows: Sequence[PlatformRow]) -> list[PillarView]:
    """Rows stand in the order of the tiles."""
    every = {str(pillar): PillarView(str(pillar)) for pillar in Pillar}
    for view in map(show_platform, rows):
        every[view.pillar].lines.append(view)
    groups = [group for group in every.values() if group.lines]
    for group in groups:
        group.lines[0].first = group.lines[-1].last = True
    return groups


def _step(step: StepRow) -> StepView:
    return StepView(step.code, step.name_vi, step.name_en)


def keeps() -> rx.Var:
    return DeskState.allowed.contains(str(Action.KEEP_PLATFORM))


def platform_words(line: PlatformView) -> rx.Component:
    """What it is called on a tile and in full, its steps, and where it applies."""
    short, name = local(line.short_vi, line.short_en), local(line.name_vi, line.name_en)
    steps = rx.cond(line.steps_vi != "", local(line.steps_vi, line.steps_en), t("platforms.no_steps"))
    more = rx.cond(line.more > 0, rx.fragment(" ", t("platforms.and_more", n=number(line.more))))
    return rx.el.div(
        rx.el.p(icon(line.icon), rx.el.span(short), class_name="row strong"),
        rx.cond(name != short, rx.el.p(name, class_name="small")),
        rx.el.p(steps, class_name="soft small"),
        rx.el.div(
            rx.cond(line.approved, rx.fragment(), pill(t("platforms.unapproved"), "wait", "clock")),
            rx.cond(line.where != "", pill(rx.fragment(t("platforms.only_in", names=line.where), more), "", "map-pin")),
            rx.cond(line.here, rx.fragment(), pill(t("platforms.not_here"), "wait")),
            class_name="row wrap",
        ),
        class_name="person stack tight",
    )
