"""The command line's door: `python -m fieldapp <command>`."""

import argparse
import asyncio
import sys
from importlib import import_module
from pathlib import Path

from fieldapp.i18n import text
from fieldapp.problems import Problem

OFFICERS = ("commune_officer", "commune_leader", "province_officer", "partner", "admin")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fieldapp")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve; migrates first, builds the site if needed, never seeds")
    demo = commands.add_parser("demo", help="serve a demo with sample data (make run)")
    demo.add_argument("--port", type=int, default=8000)
    phone = commands.add_parser("phone", help="serve the demo over HTTPS to phones in this network (make phone)")
    phone.add_argument("--port", type=int, default=8443)
    phone.add_argument("--plain-port", type=int, default=8080, help="of the page that brings the authority")
    phone.add_argument("--address", default="", help="this machine's address or name, unless the one found is right")
    phone.add_argument("--cert", type=Path, help="a certificate that phones trust, with --key")
    phone.add_argument("--key", type=Path)
    commands.add_parser("migrate", help="bring the database to the newest schema")
    commands.add_parser("build", help="build the site if its sources changed")
    seed = commands.add_parser("seed", help="fill an empty database with sample data")
    seed.add_argument("--size", choices=("xs", "m", "l"), default="xs")
    user = commands.add_parser("user", help="make an officer's account; asks for the password, or prints a link")
    user.add_argument("username")
    user.add_argument("--name", required=True)
    user.add_argument("--role", required=True, choices=OFFICERS)
    user.add_argument("--unit", required=True, help="code of the commune, or 51 for the province")
    user.add_argument("--link", action="store_true", help="print a link by which its owner sets the password")
    link = commands.add_parser("user-link", help="print a link by which an officer sets another password")
    link.add_argument("username")
    link.add_argument("--second-step-lost", action="store_true", help="take a lost phone's second step away")
    cards = commands.add_parser("cards", help="print household cards of a village to a PDF")
    cards.add_argument("village", help="code of the village")
    cards.add_argument("--anonymous", type=int, default=0, metavar="N", help="N cards to be bound at the door")
    cards.add_argument("--output", type=Path, default=Path("cards.pdf"))
    reconcile = commands.add_parser("reconcile", help="prove that the counters equal the raw visits")
    reconcile.add_argument("--mend", action="store_true", help="write the counters anew where they differ")
    _add_backup_commands(commands)
    return parser


def _add_backup_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="save all rows and photos; phones may push meanwhile")
    backup.add_argument("--to", type=Path, help="another folder than FIELDAPP_BACKUP_DIR")
    backup.add_argument("--plain", action="store_true", help="do not encrypt: whoever reads the folder reads all")
    backup.add_argument("--check", action="store_true", help="make none: exit 1 where the last one is late")
    key = commands.add_parser("backup-key", help="make the pair of keys for backups")
    key.add_argument("path", type=Path, help="new file for the secret key")
    verify = commands.add_parser("verify", help="read all of a backup and prove it")
    restore = commands.add_parser("restore", help="take a backup back into an empty database")
    for command in (verify, restore):
        command.add_argument("name", type=Path, help="name or path of the backup")
        command.add_argument("--key", type=Path, help="file of secret keys")
    restore.add_argument(
        "--ledger-lost", action="store_true", help="go on although the ledger of erasures is not whole"
    )
    erase = commands.add_parser("erase", help="erase a household's personal data, for good")
    erase.add_argument("household", help="id, or VILLAGE/NUMBER")
    erase.add_argument("--yes", action="store_true", help="do not ask")


def main() -> int:
    parser = _parser()
    arguments = vars(parser.parse_args())
    if (arguments.get("cert") is None) != (arguments.get("key") is None):
        parser.error("--cert and --key go together")
    command = arguments.pop("command")
    try:
        return _run(command, arguments)
    except Problem as problem:
        print(text(f"problem.{problem.code}", **problem.params), file=sys.stderr)
        return 1


def _run(command: str, arguments: dict) -> int:
    match command:
        case "run":
            from fieldapp.cli.production import run

            run()
        case "demo" | "phone":
            getattr(import_module(f"fieldapp.cli.{command}"), command)(**arguments)
        case "migrate":
            from fieldapp.cli.migrate import migrate

            asyncio.run(migrate())
        case "build":
            from fieldapp.cli import site

            if not site.is_built():
                site.build()
        case "seed":
            from fieldapp.cli.seed import seed

            asyncio.run(seed(**arguments))
        case "user" | "user-link":
            from fieldapp.cli import user

            asyncio.run((user.make_user if command == "user" else user.make_link)(**arguments))
        case "cards":
            from fieldapp.cli.cards import print_cards

            number = arguments["anonymous"]
            kind = "anonymous" if number else "known"
            asyncio.run(print_cards(arguments["village"], kind, number, arguments["output"]))
        case "reconcile":
            from fieldapp.cli.reconcile import run_reconcile

            return asyncio.run(run_reconcile(**arguments))
        case _:
            return _run_backup_command(command, arguments)
    return 0


def _run_backup_command(command: str, arguments: dict) -> int:
    from fieldapp.cli import backup, erase, restore

    match command:
        case "backup" if arguments["check"]:
            return backup.check_backups()
        case "backup":
            return asyncio.run(backup.run_backup(arguments["to"], arguments["plain"]))
        case "backup-key":
            return backup.write_key(arguments["path"])
        case "verify":
            return backup.verify(arguments["name"], arguments["key"])
        case "restore":
            return asyncio.run(restore.run_restore(arguments["name"], arguments["key"], arguments["ledger_lost"]))
        case _:
            return asyncio.run(erase.run_erase(arguments["household"], arguments["yes"]))


if __name__ == "__main__":
    sys.exit(main())
