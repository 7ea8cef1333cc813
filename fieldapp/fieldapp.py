"""The composition root: the pages, the API beside them, the edge around both, and what runs with the process."""

import reflex as rx

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.api.gate import Gate
from fieldapp.components.head import head
from fieldapp.integrations.logs import configure_logs
from fieldapp.jobs.back_up import run_backups
from fieldapp.jobs.decode_photos import run_decoder
from fieldapp.jobs.forget_old import run_retention
from fieldapp.jobs.forget_places import run_forgetting
from fieldapp.jobs.make_bundles import run_bundles
from fieldapp.jobs.open_periods import run_periods
from fieldapp.jobs.retry_held import run_retries
from fieldapp.jobs.send_notices import run_notices
from fieldapp.jobs.send_webhooks import run_webhooks
from fieldapp.pages.desk import (
    account,
    accounts,
    activities,
    announcements,
    audit,
    calendar,
    cards,
    classes,
    connections,
    contacts,
    decisions,
    devices,
    difficulties,
    guides,
    homes,
    incidents,
    indicators,
    materials,
    overview,
    papers,
    partners,
    percentages,
    periods,
    platforms,
    register,
    reports,
    rights,
    roster,
    search,
    sessions,
    sorting,
    targets,
    tasks,
    teams,
    units,
    visits,
)
from fieldapp.pages.phone.activities import activities_page
from fieldapp.pages.phone.announcements import announcements_page
from fieldapp.pages.phone.contacts import contacts_page
from fieldapp.pages.phone.difficulties import difficulties_page
from fieldapp.pages.phone.gaps import gaps_page
from fieldapp.pages.phone.group import group_page
from fieldapp.pages.phone.guides import guides_page
from fieldapp.pages.phone.households import household_page, households_page
from fieldapp.pages.phone.join import join_page
from fieldapp.pages.phone.logs import logs_page
from fieldapp.pages.phone.materials import materials_page
from fieldapp.pages.phone.me import me_page
from fieldapp.pages.phone.members import members_page
from fieldapp.pages.phone.outbox import outbox_page
from fieldapp.pages.phone.period_report import period_report_page
from fieldapp.pages.phone.record import record_page
from fieldapp.pages.phone.report import report_page
from fieldapp.pages.phone.review import review_page
from fieldapp.pages.phone.scan import scan_page
from fieldapp.pages.phone.targets import targets_page
from fieldapp.pages.phone.team import team_page
from fieldapp.pages.phone.texts import texts_page
from fieldapp.pages.phone.today import today_page
from fieldapp.pages.public.set_password import set_password_page
from fieldapp.pages.public.sign_in import sign_in_page

TITLE = "Tổ Số"
PHONE_PAGES = {
    "m": today_page,
    "m/scan": scan_page,
    "m/record": record_page,
    "m/households": households_page,
    "m/household": household_page,
    "m/outbox": outbox_page,
    "m/review": review_page,
    "m/targets": targets_page,
    "m/team": team_page,
    "m/report": report_page,
    "m/period": period_report_page,
    "m/texts": texts_page,
    "m/guides": guides_page,
    "m/members": members_page,
    "m/logs": logs_page,
    "m/announcements": announcements_page,
    "m/materials": materials_page,
    "m/contacts": contacts_page,
    "m/activities": activities_page,
    "m/difficulties": difficulties_page,
    "m/group": group_page,
    "m/me": me_page,
    "m/gaps": gaps_page,
    "m/join": join_page,
}
DESK_PAGES = {
    "desk": (overview.overview_page, overview.OverviewState.load),
    "desk/percentages": (percentages.percentages_page, percentages.PercentagesState.load),
    "desk/search": (search.search_page, search.SearchState.load),
    "desk/sorting": (sorting.sorting_page, sorting.SortingState.load),
    "desk/visits": (visits.visits_page, visits.VisitsState.load),
    "desk/activities": (activities.activities_page, activities.ActivitiesState.load),
    "desk/difficulties": (difficulties.difficulties_page, difficulties.DifficultiesState.load),
    "desk/targets": (targets.targets_page, targets.TargetsState.load),
    "desk/tasks": (tasks.tasks_page, tasks.TasksState.load),
    "desk/reports": (reports.reports_page, reports.ReportsState.load),
    "desk/periods": (periods.periods_page, periods.PeriodsState.load),
    "desk/papers": (papers.papers_page, papers.PapersState.load),
    "desk/teams": (teams.teams_page, teams.TeamsState.load),
    "desk/units": (units.units_page, units.UnitsState.load),
    "desk/households": (homes.households_page, homes.HouseholdsState.load),
    "desk/import": (roster.import_page, roster.RosterState.load),
    "desk/classes": (classes.classes_page, classes.ClassesState.load),
    "desk/decisions": (decisions.decisions_page, decisions.DecisionsState.load),
    "desk/register": (register.register_page, register.RegisterState.load),
    "desk/devices": (devices.devices_page, devices.DevicesState.load),
    "desk/cards": (cards.cards_page, cards.CardsState.load),
    "desk/platforms": (platforms.platforms_page, platforms.PlatformsState.load),
    "desk/indicators": (indicators.indicators_page, indicators.IndicatorsState.load),
    "desk/partners": (partners.partners_page, partners.PartnersState.load),
    "desk/announcements": (announcements.announcements_page, announcements.AnnouncementsState.load),
    "desk/materials": (materials.materials_page, materials.MaterialsState.load),
    "desk/contacts": (contacts.contacts_page, contacts.ContactsState.load),
    "desk/guides": (guides.guides_page, guides.GuidesState.load),
    "desk/connections": (connections.connections_page, connections.ConnectionsState.load),
    "desk/accounts": (accounts.accounts_page, accounts.AccountsState.load),
    "desk/audit": (audit.audit_page, audit.AuditState.load),
    "desk/account": (account.account_page, account.OwnAccountState.load),
    "desk/rights": (rights.rights_page, rights.RightsState.load),
    "desk/incidents": (incidents.incidents_page, incidents.IncidentsState.load),
    "desk/calendar": (calendar.calendar_page, calendar.CalendarState.load),
    "desk/sessions": (sessions.sessions_page, sessions.SessionsState.load),
}

configure_logs()
app = rx.App(
    theme=None,
    toaster=None,
    stylesheets=["/styles/app.css"],
    reset_style=False,
    html_lang="vi",
    html_custom_attrs={"translate": "no"},
    head_components=head(),
    api_transformer=[create_api(), Gate, Edge],
)
app.app_wraps.pop((5, "Overlay"), None)
for route, page in PHONE_PAGES.items():
    app.add_page(page, route=route, title=TITLE)
for route, (page, load) in DESK_PAGES.items():
    app.add_page(page, route=route, title=TITLE, on_load=load)
app.add_page(sign_in_page, route="/", title=TITLE)
app.add_page(set_password_page, route="password", title=TITLE)
app.register_lifespan_task(run_decoder)
app.register_lifespan_task(run_backups)
app.register_lifespan_task(run_retries)
app.register_lifespan_task(run_forgetting)
app.register_lifespan_task(run_notices)
app.register_lifespan_task(run_periods)
app.register_lifespan_task(run_bundles)
app.register_lifespan_task(run_webhooks)
app.register_lifespan_task(run_retention)
