"""Partner companies as their list and their panel show them; `state` is the page's own."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from fieldapp.components.base import button, pill
from fieldapp.components.desk_shell import SecretForm
from fieldapp.components.form import date_field, form, hidden_field, number_field, side_panel, text_field, tick_field
from fieldapp.components.table import Column, cell, table
from fieldapp.components.words import local, number, t, tk, told
from fieldapp.domain.partner import MAX_CONTACT, MAX_NAME, MAX_NUMBER
from fieldapp.domain.written_time import written_day
from fieldapp.reports.partner_list import PartnerRow, PartnerStanding
from fieldapp.states.option import Option
from models.partner import PartnerKind

COLUMNS = ("name", "kind", "platforms", "where", "contact", "standing")
STANDINGS = {
    str(PartnerStanding.ACTIVE): "done",
    str(PartnerStanding.AHEAD): "wait",
    str(PartnerStanding.ENDED): "",
}
FEW_NAMES = 3


@dataclass
class PartnerLine:
    """Days of its form are ISO, the others as people write them. `places` names the communes, if few."""

    id: int = 0
    name: str = ""
    kind: str = str(PartnerKind.TELECOM)
    contact: str = ""
    agreement_number: str = ""
    agreement_on: str = ""
    agreement_words: str = ""
    active_from: str = ""
    active_to: str = ""
    since: str = ""
    until: str = ""
    everywhere: bool = False
    of_commune: bool = False
    standing: str = ""
    own: bool = True
    accounts: int = 0
    platforms: list[str] = field(default_factory=list)
    platforms_vi: str = ""
    platforms_en: str = ""
    communes: list[str] = field(default_factory=list)
    places: str = ""


def show_partner(row: PartnerRow) -> PartnerLine:
    names = [name for _, name in row.communes]
    return PartnerLine(
        id=row.id,
        name=row.name,
        kind=str(row.kind),
        contact=row.contact,
        agreement_number=row.agreement_number,
        agreement_on=row.agreement_on.isoformat() if row.agreement_on else "",
        agreement_words=written_day(row.agreement_on) if row.agreement_on else "",
        active_from=row.active_from.isoformat(),
        active_to=row.active_to.isoformat() if row.active_to else "",
        since=written_day(row.active_from),
        until=written_day(row.active_to) if row.active_to else "",
        everywhere=row.everywhere,
        of_commune=row.of_commune,
        standing=str(row.standing),
        own=row.own,
        accounts=row.accounts,
        platforms=[code for code, _, _ in row.platforms],
        platforms_vi=", ".join(vi for _, vi, _ in row.platforms),
        platforms_en=", ".join(en for _, _, en in row.platforms),
        communes=[str(unit) for unit, _ in row.communes],
        places=", ".join(names) if len(names) <= FEW_NAMES else "",
    )


def _where(line: Any) -> Any:
    named = rx.cond(line.places != "", line.places, t("partner.communes", n=number(line.communes.length())))
    return rx.cond(line.everywhere, t("partner.everywhere"), named)


def _days(line: Any) -> Any:
    return rx.cond(line.until != "", line.since + " – " + line.until, t("partner.since", day=line.since))


def partner_table(lines: Any, open_one: Any, opened: Any, of_commune: Any) -> rx.Component:
    """A commune is not told where else a company works."""

    def row(line: PartnerLine) -> rx.Component:
        name = rx.el.button(line.name, type="button", class_name="link", on_click=open_one(line.id))
        return rx.el.tr(
            cell(name, rx.cond(line.of_commune, rx.el.span(t("partner.of_commune"), class_name="soft small block"))),
            cell(tk("partner.kind", line.kind)),
            cell(local(line.platforms_vi, line.platforms_en), kind="small"),
            cell(rx.cond(of_commune & ~line.everywhere, t("partner.here"), _where(line)), kind="small"),
            cell(line.contact, kind="small"),
            cell(
                pill(tk("partner.standing", line.standing), rx.match(line.standing, *STANDINGS.items(), "")),
                rx.el.span(_days(line), class_name="soft small block"),
            ),
            class_name=rx.cond(opened == line.id, "opened", ""),
            key=line.id,
        )

    return table(t("desk.partners"), [Column(t(f"partner.col_{name}")) for name in COLUMNS], lines, row)


def partner_panel(state: Any, may_keep: Any) -> rx.Component:
    one = state.open
    title = rx.cond(one.id > 0, one.name, t("partner.add"))
    wrong = rx.el.p(told("problem", state.problem, state.problem_params), class_name="error", role="alert")
    return side_panel(
        title,
        state.close,
        rx.cond(state.problem != "", wrong),
        rx.cond(may_keep & one.own, rx.fragment(_form(state), key=one.id), _facts(one)),
        rx.cond(may_keep & one.own & (one.id > 0), _sharing(state)),
    )


def _sharing(state: Any) -> rx.Component:
    """An address of the company's percentages for whoever has no account; the browser alone shows it."""
    one = state.open
    there = rx.el.div(
        rx.el.p(t("partner.share_until", day=state.shared_until), class_name="small"),
        button(t("partner.share_end"), kind="compact danger", on_click=state.unshare(one.id)),
        rx.el.p(t("partner.share_new"), class_name="soft small"),
        class_name="stack tight",
    )
    making = SecretForm.create(
        rx.el.input(type="hidden", name="partner", value=one.id.to(str), read_only=True),
        number_field("days", t("partner.share_days"), default_value=90, min=1, max=366, required=True),
        to="partners/link",
        submit=t("partner.share_make"),
        title=t("partner.share"),
        explain=t("partner.share_means"),
        lists=[],
        on_done=state.shared(one.id),
    )
    return rx.el.section(
        rx.el.h3(t("partner.share")),
        rx.el.p(t("partner.share_means"), class_name="soft small"),
        rx.cond(state.shared_until != "", there),
        making,
        class_name="stack",
    )


def _facts(one: PartnerLine) -> rx.Component:
    def fact(name: str, value: Any) -> rx.Component:
        words = rx.cond(value != "", value, "–")
        return rx.el.div(rx.el.dt(t(f"partner.{name}"), class_name="soft small"), rx.el.dd(words, class_name="strong"))

    return rx.el.dl(
        fact("col_kind", tk("partner.kind", one.kind)),
        fact("contact", one.contact),
        fact("agreement_number", one.agreement_number),
        fact("agreement_on", one.agreement_words),
        fact("active", _days(one)),
        fact("col_platforms", local(one.platforms_vi, one.platforms_en)),
        class_name="facts",
    )


def _form(state: Any) -> rx.Component:
    one = state.open
    kinds = [rx.el.option(t(f"partner.kind.{kind}"), value=str(kind)) for kind in PartnerKind]
    kind = rx.el.select(*kinds, name="kind", default_value=one.kind)
    fields = (
        rx.cond(one.id > 0, hidden_field("partner", one.id)),
        text_field("name", t("partner.name"), required=True, max_length=MAX_NAME, default_value=one.name),
        rx.el.label(rx.el.span(t("partner.col_kind")), kind, class_name="field"),
        text_field(
            "contact", t("partner.contact"), t("partner.contact_hint"), max_length=MAX_CONTACT,
            default_value=one.contact,
        ),
        _ticks(t("partner.col_platforms"), state.platforms, "platform_", one.platforms),
        rx.cond(state.of_commune | one.of_commune, rx.el.p(t("partner.only_commune"), class_name="soft small"),
                _communes(state)),
        text_field("agreement_number", t("partner.agreement_number"), max_length=MAX_NUMBER,
                   default_value=one.agreement_number),
        date_field("agreement_on", t("partner.agreement_on"), default_value=one.agreement_on),
        date_field("active_from", t("partner.active_from"), required=True,
                   default_value=rx.cond(one.active_from != "", one.active_from, state.today)),
        date_field("active_to", t("partner.active_to"), t("partner.active_to_hint"), default_value=one.active_to),
        rx.cond(one.accounts > 0, rx.el.p(t("partner.accounts", n=number(one.accounts)), class_name="note")),
    )  # fmt: skip
    return form(*fields, send=t("partner.save"), on_submit=state.save, reset_on_submit=False)


def _communes(state: Any) -> rx.Component:
    one = state.open
    return rx.fragment(
        tick_field("everywhere", t("partner.everywhere"), default_checked=one.everywhere),
        rx.el.div(_ticks(t("partner.col_where"), state.communes, "tick_", one.communes), class_name="not-everywhere"),
    )


def _ticks(title: Any, lines: Any, prefix: str, chosen: Any) -> rx.Component:
    def one(line: Option) -> rx.Component:
        name = rx.cond(line.english != "", local(line.label, line.english), line.label)
        ticked = rx.Var.create(chosen).to(list[str]).contains(line.value)
        return tick_field(prefix + line.value, name, default_checked=ticked, key=line.value)

    return rx.el.fieldset(rx.el.legend(title), rx.el.div(rx.foreach(lines, one), class_name="ticks"))
