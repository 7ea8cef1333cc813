"""Who issues a paper, who signs it and who receives it: a commune, the province's department, a village team."""

from collections.abc import Sequence

from fieldapp.domain.paper_form import Issuer, Signer
from fieldapp.i18n import text
from models.unit import Unit, UnitKind


def issuer_of(unit: Unit, unnumbered: bool = False) -> Issuer:
    """Of a commune or the province."""
    if unit.kind == UnitKind.PROVINCE:
        above, name = _words("above_province", place=bare(unit.name)), _words("department")
        return Issuer([above.upper()], [name.upper()], name, bare(unit.name), _symbol("SKHCN", unnumbered))
    committee = _words("committee")
    name = f"{committee} {small(unit.name)}"
    return Issuer([], [committee.upper(), unit.name.upper()], name, bare(unit.name), _symbol("UBND", unnumbered))


def team_issuer(commune: str, village: str) -> Issuer:
    """Of a village's team, which has no seal and numbers nothing: `Xã Ba Tơ`, `Thôn Nước Đang`."""
    above, body = _words("above_team", commune=commune), _words("team_short", village=village)
    return Issuer([above.upper()], [body.upper()], _words("team", village=small(village)), bare(commune))


def signers_of(unit: Unit, with_preparer: bool) -> Sequence[Signer]:
    preparer = [Signer([text("official.preparer")])] if with_preparer else []
    if unit.kind == UnitKind.PROVINCE:
        return [*preparer, Signer([_words("director")])]
    return [*preparer, Signer([text("draft.on_behalf"), text("draft.chair")])]


def team_signers() -> Sequence[Signer]:
    return [Signer([text("official.preparer")]), Signer([_words("team_leader")])]


def receivers_of(unit: Unit) -> Sequence[str]:
    """Where a paper goes, without dashes; its own archive comes last."""
    if unit.kind == UnitKind.PROVINCE:
        return [_words("to_province", place=bare(unit.name)), _words("to_communes"), _words("archive_province")]
    return [_words("department"), _words("to_commune", place=small(unit.name)), _words("archive_commune")]


def small(name: str) -> str:
    """`Xã Ba Tơ` inside a sentence: `xã Ba Tơ`; `VNeID` stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def bare(name: str) -> str:
    """A unit's name without the word for its kind, as it stands before a date."""
    kinds = (f"{kind} " for kind in text("official.kinds").split(", "))
    return next((name.removeprefix(kind) for kind in kinds if name.startswith(kind)), name)


def _symbol(office: str, unnumbered: bool) -> str:
    return "" if unnumbered else f"BC-{office}"


def _words(key: str, **params: str) -> str:
    return text(f"official.{key}", **params)
