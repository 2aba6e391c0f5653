"""Is a browser called what its owner calls it?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from knutepunkt.people.templatetags.devices import device_in_words

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
AGENTS = {
    f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36": "Chrome på Linux",
    f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/131.0": "Edge på Windows",
    f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36": "Chrome på Android",
    "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox på Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605 Version/18 Safari/605": "Safari på Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Safari/604": "Safari på iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) AppleWebKit/605 CriOS/131 Safari/604": "Chrome på iPhone",
    "curl/8.5.0": "En enhet vi ikke kjenner igjen",
    "": "En enhet vi ikke kjenner igjen",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    with override("nb"):
        assert device_in_words(agent) == words
