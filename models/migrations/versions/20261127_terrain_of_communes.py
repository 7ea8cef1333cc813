"""The terrain of a commune: rankings compare like with like."""

import sqlalchemy as sa
from alembic import op

revision = "4c6e1b90d7f2"
down_revision = "e4b7c1a95d20"
branch_labels = None
depends_on = None

COMMUNES = {
    "urban": (
        "21025 21028 21172 21439 21451 21478 23284 23293 23302"
    ),
    "lowland": (
        "21034 21040 21061 21085 21100 21109 21181 21196 21205 21211 21220 21235 21238 21244 21250 21364 "
        "21370 21385 21388 21400 21409 21421 21433 21457 21472"
    ),
    "mountain": (
        "21115 21124 21127 21136 21154 21157 21289 21292 21307 21319 21325 21334 21340 21343 21349 21361 "
        "21484 21490 21496 21499 21520 21523 21529 21538 23317 23326 23332 23341 23344 23356 23365 23368 "
        "23374 23377 23383 23392 23401 23416 23419 23425 23428 23430 23446 23455 23473 23476 23479 23485 "
        "23497 23500 23504 23510 23512 23515 23527 23530 23534 23535 23536 23538 23548"
    ),
    "island": (
        "21548"
    ),
}
"""By code: what there was on the day of this migration. Later ones come with the reference data."""


def upgrade() -> None:
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terrain", sa.String(length=24), nullable=True))
    unit = sa.table("unit", sa.column("code", sa.String), sa.column("kind", sa.String), sa.column("terrain", sa.String))
    for terrain, codes in COMMUNES.items():
        of_these = unit.c.kind == "commune", unit.c.code.in_(codes.split())
        op.execute(unit.update().where(*of_these).values(terrain=terrain))
