"""Which browsers are sent to the plain page, and what people call them."""

import pytest

from fieldapp.domain.browser import named, unfit

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
WEBVIEW = "Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
CASES = [
    (ANDROID + "Chrome/140.0.0.0 Mobile Safari/537.36", None),
    (ANDROID + "Chrome/111.0.0.0 Mobile Safari/537.36", None),
    (ANDROID + "Chrome/110.0.5481.65 Mobile Safari/537.36", "old"),
    (ANDROID + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", None),
    (ANDROID + "SamsungBrowser/19.0 Chrome/102.0.5005.125 Mobile Safari/537.36", "old"),
    (ANDROID + "coc_coc_browser/120.0.0 Chrome/121.0.0.0 Mobile Safari/537.36", None),
    (WEBVIEW + "Chrome/140.0.0.0 Mobile Safari/537.36 Zalo android/12100756 ZaloTheme/light ZaloLanguage/vi", "in_app"),
    (WEBVIEW + "Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0.0.54.88;]", "in_app"),
    (WEBVIEW + "Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/480.0.0.54.88;]", "in_app"),
    (WEBVIEW + "Chrome/140.0.0.0 Mobile Safari/537.36 trill_360505 BytedanceWebview/d8a21c6", "in_app"),
    (WEBVIEW + "Chrome/140.0.0.0 Mobile Safari/537.36", "in_app"),
    (IPHONE.format("18_5") + "Version/18.5 Mobile/15E148 Safari/604.1", None),
    (IPHONE.format("16_4") + "Version/16.4 Mobile/15E148 Safari/604.1", None),
    (IPHONE.format("16_3_1") + "Version/16.3 Mobile/15E148 Safari/604.1", "old"),
    (IPHONE.format("15_8") + "CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "old"),
    (IPHONE.format("18_5") + "Mobile/15E148 Zalo iOS/661 ZaloTheme/light ZaloLanguage/vn", "in_app"),
    (IPHONE.format("18_5") + "Mobile/15E148 [FBAN/MessengerForiOS;FBAV/500.0;FBDV/iPhone14,7]", "in_app"),
    (IPHONE.format("18_5") + "Mobile/15E148 musical_ly_36.5.0 BytedanceWebview/d8a21c6", "in_app"),
    (IPHONE.format("18_5") + "Mobile/15E148 Instagram 380.0.0", "in_app"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", None),
    ("Mozilla/5.0 (Android 9; Mobile; rv:68.0) Gecko/68.0 Firefox/68.0", "old"),
    ("Opera/9.80 (Android; Opera Mini/7.6/35.5706; U; vi) Presto/2.8.119 Version/11.10", "old"),
    ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "old"),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", None),
    ("", None),
    ("something of its own", None),
]


@pytest.mark.parametrize(("user_agent", "reason"), CASES)
def test_a_browser_is_led_to_where_it_can_work(user_agent: str, reason: str | None) -> None:
    assert unfit(user_agent) == reason


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ANDROID + "Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome 140, Android 14"),
        (ANDROID + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet 28, Android 14"),
        (ANDROID + "coc_coc_browser/120.0.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Coc Coc 120, Android 14"),
        (IPHONE.format("18_5") + "Version/18.5 Mobile/15E148 Safari/604.1", "Safari 18, iPhone (iOS 18)"),
        (IPHONE.format("18_5") + "CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "Chrome 140, iPhone (iOS 18)"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge 126, Windows"),
        ("Android 14 Chrome/141", "Chrome 141, Android 14"),
        ("iPhone OS 17.5 Version/17", "Safari 17, iPhone (iOS 17)"),
        ("My phone", "My phone"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert named(agent) == name
