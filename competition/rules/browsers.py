"""Which browser and system a User-Agent names, in the few words by which its owner knows it."""

import re

BOT = "Podium bot"  # of the demo
# The first that is found; those that call themselves like others come before them.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("EdgA", "Edge"),
    ("EdgiOS", "Edge"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("MiuiBrowser", "Mi Browser"),
    ("UCBrowser", "UC Browser"),
    ("QQBrowser", "QQ Browser"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
    ("python-requests", "python-requests"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def words(user_agent: str) -> str:
    """Such as "Chrome 131 · Windows"; empty when nothing in it is known."""
    text = user_agent[:400]
    browser = ""
    for token, name in BROWSERS:
        found = re.search(rf"\b{re.escape(token)}/(\d{{1,4}})\b", text)
        if found:
            browser = f"{name} {found.group(1)}"
            break
    system = next((name for token, name in SYSTEMS if token in text), "")
    return " · ".join(part for part in (browser, system) if part)


def called(name: str) -> str:
    """A device's name as people read it: its own, or what its User-Agent says where it has none."""
    return words(name) or name if name.startswith("Mozilla/") else name
