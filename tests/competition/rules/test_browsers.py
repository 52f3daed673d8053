"""User-Agents as they are sent, in the words their owners know."""

import pytest

from competition.rules.browsers import called, words

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"


@pytest.mark.parametrize(
    "user_agent, said",
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
            "Chrome 131 · Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/131.0.0.0",
            "Edge 131 · Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox 128 · Linux",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {APPLE} Version/17.5 Mobile/15E148"
            " Safari/604.1",
            "Safari 17 · iPad",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.0 Safari/605.1.15",
            "Safari 18 · macOS",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; M2102J2SC) {CHROME} Mobile Safari/537.36"
            " MicroMessenger/8.0.50",
            "WeChat 8 · Android",
        ),
        (
            f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {CHROME} Safari/537.36 HuaweiBrowser/5.0.4",
            "Huawei Browser 5 · HarmonyOS",
        ),
        ("curl/8.5.0", "curl 8"),
        ("", ""),
        ("<script>", ""),
        ("Chrome/" + "9" * 100_000, ""),
    ],
)
def test_words(user_agent: str, said: str) -> None:
    assert words(user_agent) == said


def test_a_device_is_called_by_its_own_name_or_what_it_says_of_itself() -> None:
    cut = f"Mozilla/5.0 (Linux; Android 14; SM-X210) {CHROME} Safari/537.36"[:100]
    assert called(cut) == "Chrome 131 · Android"
    assert called("Tablet by the window, Chrome/1") == "Tablet by the window, Chrome/1"
    assert called("Mozilla/5.0 of nobody") == "Mozilla/5.0 of nobody"
