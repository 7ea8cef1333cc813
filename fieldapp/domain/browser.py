"""Whether a browser can carry the phone screens, from what it says of itself; the page asks for the features as well.

An app's own browser cannot: its storage goes with the app's next tidying, and records with it.
"""

import re
from enum import StrEnum

IN_APP = re.compile(
    r"Zalo|FBAN|FBAV|FB_IAB|MessengerForiOS|Instagram|musical_ly|BytedanceWebview|TikTok|trill_|\bLine/|; wv\)"
)
"""What an app's own browser says of itself; read by scripts as well."""
_OLDEST = (
    (re.compile(r"(?:iPhone|iPad|iPod)[^)]*? OS (\d+)(?:_(\d+))?"), (16, 4)),
    (re.compile(r"Chrom(?:e|ium)/(\d+)(?:\.(\d+))?"), (111, 0)),
    (re.compile(r"Firefox/(\d+)(?:\.(\d+))?"), (114, 0)),
)
"""What the build is made for; on an iPhone every browser is as old as the system."""
_NEVER = re.compile(r"MSIE |Trident/|Opera Mini|UCBrowser/1[0-2]\.")


_BROWSERS = {
    "coc_coc_browser": "Coc Coc", "Edg": "Edge", "EdgA": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "HeadlessChrome": "Chrome", "Chrome": "Chrome",
    "Version": "Safari",
}  # fmt: skip
"""By the word that tells them; the first that is there counts, for most call themselves by older names as well."""
_SYSTEMS = (
    (re.compile(r"(iPhone|iPad)(?:[^)]*?) OS (\d+)(?:[._](\d+))?"), "{0} (iOS {1})"),
    (re.compile(r"Android (\d+)"), "Android {0}"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux"), "Linux"),
)


class Unfit(StrEnum):
    IN_APP = "in_app"
    OLD = "old"
    INSECURE = "insecure"


def unfit(user_agent: str) -> Unfit | None:
    """Why this browser is sent to the plain page. One that says nothing known is let in."""
    if IN_APP.search(user_agent):
        return Unfit.IN_APP
    if _NEVER.search(user_agent):
        return Unfit.OLD
    for pattern, oldest in _OLDEST:
        if match := pattern.search(user_agent):
            return Unfit.OLD if (int(match[1]), int(match[2] or 0)) < oldest else None
    return None


def named(agent: str) -> str:
    """A browser as people know it, `Chrome 141, Android 14`; of one that says nothing known, what it says itself."""
    words = re.findall(r"(\w+)/(\d+)", agent)
    version = dict(reversed(words))
    browser = next((f"{name} {version[word]}" for word, name in _BROWSERS.items() if word in version), "")
    found = ((pattern.search(agent), written) for pattern, written in _SYSTEMS)
    system = next((written.format(*match.groups()) for match, written in found if match), "")
    return ", ".join(part for part in (browser, system) if part) or agent[:60]
