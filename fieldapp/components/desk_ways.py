"""The pages of the desk as its menu has them: which there are, in which order, and who has each."""

from fieldapp.permissions import Action

WAYS = (
    (
        "work",
        ("/desk/search/", "search", "search", Action.SEARCH),
        ("/desk/", "layout-dashboard", "overview", Action.READ_SUMMARY),
        ("/desk/percentages/", "percent", "percentages", Action.READ_PERCENTAGE),
        ("/desk/sorting/", "check-check", "sorting", Action.SORT_RECORD),
        ("/desk/visits/", "inbox", "visits", Action.READ_VISIT),
        ("/desk/activities/", "megaphone", "activities", Action.READ_ACTIVITY),
        ("/desk/difficulties/", "triangle-alert", "difficulties", Action.READ_DIFFICULTY),
        ("/desk/targets/", "target", "targets", Action.READ_TARGET),
        ("/desk/tasks/", "list-todo", "tasks", Action.READ_TASK),
        ("/desk/reports/", "archive", "reports", Action.READ_REPORT),
        ("/desk/periods/", "calendar-clock", "periods", Action.READ_REPORT),
        ("/desk/indicators/", "list-todo", "indicators", Action.READ_REPORT),
        ("/desk/papers/", "stamp", "papers", Action.READ_PAPER),
    ),
    (
        "people",
        ("/desk/teams/", "users", "teams", Action.READ_TEAM),
        ("/desk/units/", "map", "units", Action.READ_UNIT),
        ("/desk/households/", "house", "homes", Action.READ_HOUSEHOLD),
        ("/desk/decisions/", "scroll-text", "decisions", Action.READ_DECISION),
        ("/desk/register/", "list-todo", "register", Action.READ_REGISTER),
        ("/desk/devices/", "smartphone", "devices", Action.READ_PHONE),
        ("/desk/cards/", "printer", "cards", Action.PRINT_CARD),
        ("/desk/import/", "file-up", "import", Action.IMPORT_ROSTER),
        ("/desk/partners/", "building-2", "partners", Action.READ_PARTNER),
        ("/desk/classes/", "graduation-cap", "classes", Action.READ_CLASS),
    ),
    (
        "content",
        ("/desk/announcements/", "bell", "announcements", Action.READ_ANNOUNCEMENT),
        ("/desk/materials/", "file-text", "materials", Action.READ_MATERIAL),
        ("/desk/contacts/", "contact", "contacts", Action.READ_CONTACT),
        ("/desk/guides/", "book-open", "guides", Action.NARRATE_GUIDE),
        ("/desk/platforms/", "layers", "platforms", Action.READ_PLATFORM),
    ),
    (
        "system",
        ("/desk/connections/", "webhook", "connections", Action.MANAGE_TOKEN),
        ("/desk/accounts/", "contact", "accounts", Action.MANAGE_ACCOUNT),
        ("/desk/audit/", "history", "audit", Action.READ_AUDIT),
        ("/desk/account/", "key-round", "account", Action.OWN_ACCOUNT),
        ("/desk/rights/", "shield-check", "rights", Action.READ_RIGHTS),
        ("/desk/incidents/", "ban", "incidents", Action.KEEP_INCIDENT),
        ("/desk/calendar/", "calendar-clock", "calendar", Action.KEEP_CALENDAR),
        ("/desk/sessions/", "lock", "sessions", Action.MANAGE_SESSION),
    ),
)
"""The pages by group: address, icon, name (`desk.<name>` is its title), and who has it."""
ACTIONS = {name: str(action) for _, *pages in WAYS for _, _, name, action in pages}
