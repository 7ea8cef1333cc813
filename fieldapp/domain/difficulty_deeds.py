"""What may be done to a difficulty, by whom, and where it stands then. Nothing here knows a database."""

from dataclasses import dataclass

from fieldapp.problems import Problem
from models.difficulty import DifficultyDeed, DifficultyLevel, DifficultyState

MAX_WORDS = 500
S, D, L = DifficultyState, DifficultyDeed, DifficultyLevel
INTERNAL = frozenset({D.ASSIGN, D.COMMENT})
"""What the desk says to itself: phones are not told."""

NEED_WORDS = frozenset({D.ANSWER, D.POSTPONE, D.ESCALATE, D.HAND_BACK, D.SOLVE, D.REOPEN, D.COMMENT})
OPEN = (S.REPORTED, S.HANDLING, S.ESCALATED)


@dataclass(frozen=True)
class Standing:
    """Where a difficulty is: its state, and the level that has it."""

    state: DifficultyState
    level: DifficultyLevel = L.COMMUNE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


_HERE, _THERE = Standing(S.HANDLING), Standing(S.ESCALATED, L.PROVINCE)
_AT_COMMUNE = (Standing(S.REPORTED), _HERE)
MOVES: dict[tuple[DifficultyDeed, Standing], Standing] = {
    (D.TAKE, Standing(S.REPORTED)): _HERE,
    **{(D.ANSWER, one): _HERE for one in _AT_COMMUNE},
    **{(D.POSTPONE, one): one for one in (*_AT_COMMUNE, _THERE)},
    **{(D.ESCALATE, one): _THERE for one in _AT_COMMUNE},
    **{(D.SOLVE, one): Standing(S.SOLVED) for one in _AT_COMMUNE},
    **{(D.ASSIGN, one): one for one in (*_AT_COMMUNE, _THERE)},
    (D.ANSWER, _THERE): _THERE,
    (D.HAND_BACK, _THERE): _HERE,
    (D.SOLVE, _THERE): Standing(S.SOLVED, L.PROVINCE),
    (D.REOPEN, Standing(S.SOLVED)): _HERE,
    (D.REOPEN, Standing(S.SOLVED, L.PROVINCE)): _THERE,
}
"""Where each deed leads from where it may be done; a comment may always be made and moves nothing."""


def move(standing: Standing, deed: DifficultyDeed, side: DifficultyLevel) -> Standing:
    """Where the difficulty stands after this deed by somebody of this level.

    Raises `difficulty_moved` where it does not lead on from where it is, or another level has it. What the province
    solved the commune may open again: the village complains there.
    """
    if deed is D.COMMENT:
        return standing
    after = MOVES.get((deed, standing))
    theirs = side is standing.level or (deed is D.REOPEN and side is L.COMMUNE)
    if after is None or not theirs:
        raise Problem("difficulty_moved")
    return after


def possible(standing: Standing, side: DifficultyLevel) -> list[DifficultyDeed]:
    """The deeds that `move` lets through, in the order of the vocabulary."""
    found = []
    for deed in D:
        try:
            move(standing, deed, side)
        except Problem:
            continue
        found.append(deed)
    return found
