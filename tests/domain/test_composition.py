"""How teams should be put together: the letter's own team is full, each thing that lacks is said, nothing more is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.composition import FULL_VILLAGE_TEAM, Shortfall, missing_people, shortfalls
from fieldapp.domain.composition import ShortfallKind as Lacks
from models.team import SeatKind as Kind
from models.team import SeatRole as Role
from models.team import TeamLevel

LETTER = [
    (Role.LEADER, Kind.VILLAGE_HEAD),
    (Role.DEPUTY, Kind.YOUTH_SECRETARY),
    (Role.MEMBER, Kind.POLICE),
    (Role.MEMBER, Kind.WOMENS_UNION),
    (Role.MEMBER, Kind.FARMERS_UNION),
    (Role.MEMBER, Kind.YOUTH_MEMBER),
    (Role.MEMBER, Kind.TEACHER),
]
COMMUNE = [
    (Role.LEADER, Kind.COMMUNE_OFFICE),
    (Role.DEPUTY, Kind.YOUTH_SECRETARY),
    (Role.MEMBER, Kind.POLICE),
    (Role.MEMBER, Kind.CULTURE_OFFICE),
    (Role.MEMBER, Kind.IT_TEACHER),
    (Role.MEMBER, Kind.IT_TEACHER),
]
SEATS = st.lists(st.tuples(st.sampled_from(Role), st.sampled_from([*Kind, None])), max_size=12)


def of_village(seats: list) -> list[tuple[Lacks, int]]:
    return [(s.kind, s.people) for s in shortfalls(TeamLevel.VILLAGE, Counter(seats))]


def of_commune(seats: list, teams: int = 1) -> list[tuple[Lacks, int]]:
    return [(s.kind, s.people) for s in shortfalls(TeamLevel.COMMUNE, Counter(seats), teams)]


def without(seats: list, *places: int) -> list:
    return [seat for place, seat in enumerate(seats) if place not in places]


@pytest.mark.parametrize(
    ("seats", "lacks"),
    [
        (LETTER, []),
        ([(Role.LEADER, Kind.PARTY_SECRETARY), *LETTER[1:]], []),
        (without(LETTER, 0), [(Lacks.NO_LEADER, 1)]),
        ([*LETTER, LETTER[0]], [(Lacks.MANY_LEADERS, 0)]),
        ([(Role.LEADER, Kind.TEACHER), *LETTER[1:]], [(Lacks.LEADER_POST, 0)]),
        ([(Role.LEADER, None), *LETTER[1:]], [(Lacks.LEADER_POST, 0)]),
        (without(LETTER, 1), [(Lacks.NO_DEPUTY, 1)]),
        ([LETTER[0], (Role.DEPUTY, Kind.TEACHER), *LETTER[2:]], [(Lacks.DEPUTY_POST, 0)]),
        (without(LETTER, 2), [(Lacks.POLICE, 1)]),
        (without(LETTER, 3), [(Lacks.WOMENS_UNION, 1)]),
        (without(LETTER, 4), [(Lacks.FARMERS_UNION, 1)]),
        (without(LETTER, 5), [(Lacks.FURTHER, 1)]),
        (without(LETTER, 5, 6), [(Lacks.FURTHER, 2)]),
        ([*LETTER[:5], (Role.MEMBER, None), (Role.MEMBER, Kind.RESPECTED)], []),
        # A second deputy may be the police officer; the only deputy may not be counted twice.
        ([*without(LETTER, 2), (Role.DEPUTY, Kind.POLICE)], []),
        ([*without(LETTER, 1, 2), (Role.DEPUTY, Kind.POLICE)], [(Lacks.DEPUTY_POST, 0), (Lacks.POLICE, 1)]),
        # Two of one kind do not stand for another.
        ([*without(LETTER, 4, 6), (Role.MEMBER, Kind.POLICE)], [(Lacks.FARMERS_UNION, 1)]),
        (
            [],
            [
                (Lacks.NO_LEADER, 1), (Lacks.NO_DEPUTY, 1), (Lacks.POLICE, 1), (Lacks.WOMENS_UNION, 1),
                (Lacks.FARMERS_UNION, 1), (Lacks.FURTHER, 2),
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_village_team_lacks(seats: list, lacks: list) -> None:
    assert of_village(seats) == lacks


@pytest.mark.parametrize(
    ("seats", "teams", "lacks"),
    [
        (COMMUNE, 1, []),
        ([*without(COMMUNE, 1), (Role.MEMBER, Kind.YOUTH_MEMBER)], 1, []),
        (without(COMMUNE, 1), 1, [(Lacks.YOUTH, 1)]),
        (without(COMMUNE, 2), 1, [(Lacks.POLICE, 1)]),
        (without(COMMUNE, 3), 1, [(Lacks.CULTURE_OFFICE, 1)]),
        (without(COMMUNE, 5), 1, [(Lacks.IT_TEACHERS, 1)]),
        (without(COMMUNE, 4, 5), 1, [(Lacks.IT_TEACHERS, 2)]),
        ([*without(COMMUNE, 5), (Role.MEMBER, Kind.TEACHER)], 1, [(Lacks.IT_TEACHERS, 1)]),
        (COMMUNE, 2, [(Lacks.MANY_TEAMS, 0)]),
    ],
)
def test_what_a_commune_team_lacks(seats: list, teams: int, lacks: list) -> None:
    assert of_commune(seats, teams) == lacks


@given(SEATS)
def test_a_village_team_without_a_warning_has_seven_people(seats: list) -> None:
    if not of_village(seats):
        assert len(seats) >= FULL_VILLAGE_TEAM


@given(SEATS, st.tuples(st.just(Role.MEMBER), st.sampled_from([*Kind, None])))
def test_one_more_member_never_makes_a_team_lack_more(seats: list, another: tuple) -> None:
    for of in (of_village, of_commune):
        before, after = dict(of(seats)), dict(of([*seats, another]))
        assert after.keys() <= before.keys()
        assert all(after[kind] <= before[kind] for kind in after)


@given(SEATS, st.sampled_from(TeamLevel))
def test_nothing_is_said_twice_and_the_order_of_people_does_not_matter(seats: list, level: TeamLevel) -> None:
    found = shortfalls(level, Counter(seats))
    assert len({shortfall.kind for shortfall in found}) == len(found)
    assert shortfalls(level, Counter(reversed(seats))) == found
    assert missing_people(found) <= FULL_VILLAGE_TEAM


def test_the_missing_are_counted_as_people() -> None:
    assert missing_people([Shortfall(Lacks.FURTHER, 2), Shortfall(Lacks.LEADER_POST), Shortfall(Lacks.POLICE, 1)]) == 3
