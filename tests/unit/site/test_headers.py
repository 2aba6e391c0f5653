"""Does every page of the shell tell browsers what it allows, and is nothing inline?"""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

ADDRESSES = ["/", "/slik-verner-vi-svarene/", "/kontakt/", "/konto/login/", "/finnes-ikke/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_browsers_are_told_to_trust_this_server_alone(client: Client, address: str) -> None:
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    # "no-referrer" would make browsers send "Origin: null" with our own forms, which are then refused.
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: Client, address: str) -> None:
    page = client.get(address).text
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", page)
    assert "<style" not in page
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
    loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(each.startswith("/") and not each.startswith("//") for each in loaded)


@pytest.mark.parametrize("name", ["staff.css", "answering.css"])
def test_every_picture_a_stylesheet_names_lies_beside_it(name: str) -> None:
    path = finders.find(f"site/built/{name}")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as file:
        named = set(re.findall(r'url\("([^"]+)"\)', file.read()))
    assert named
    for each in named:
        assert finders.find(f"site/built/{each}"), each
