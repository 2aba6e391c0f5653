"""Can a person sign in, get a new password, change address and sign in in two steps, in each language?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from knutepunkt.people.models import Person

PASSWORD = "fire-ville-ender-i-regn"
NEW_PASSWORD = "seks-tamme-gjess-i-sol"
pytestmark = pytest.mark.django_db


@pytest.fixture
def marit(db: None) -> Person:
    """Return somebody with an account and a confirmed address."""
    person = Person.objects.create_user("marit@example.org", PASSWORD, name="Marit Haugland")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def signed_in(client: Client, marit: Person) -> Client:
    """Return a browser in which Marit has just typed her password."""
    answer = client.post(reverse("account_login"), {"login": marit.email, "password": PASSWORD})
    assert answer.status_code == 302
    # Before a change to how one signs in, the password is asked for once more.
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


class Words(HTMLParser):
    """Collects what a reader reads: text outside scripts, and labels of fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember scripts, and read labels."""
        self.inside = tag
        self.found |= {
            value or "" for name, value in attrs if name in ("aria-label", "title", "alt")
        }

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        self.inside = ""

    def handle_data(self, data: str) -> None:
        """Read text."""
        if self.inside not in ("script", "style"):
            self.found.add(" ".join(data.split()))


#: The same in every language: names, languages' own names, and what a browser calls itself.
SAME = {
    "Bokmål",
    "Nynorsk",
    "English",
    "Knutepunkt",
    "Marit Haugland",
    "marit@example.org",
    "Feide",
}


def english_words(page: str, english: str) -> set[str]:
    """Return what stands on a Norwegian page word for word as on the English one."""
    return {
        text
        for text in words(page) & words(english)
        if re.search("[A-Za-z]{2}", text)
        and text not in SAME
        and not re.fullmatch(r"[A-Z2-7]{16,}", text)
    }


def words(page: str) -> set[str]:
    """Return the texts of a page."""
    reader = Words()
    reader.feed(page)
    return reader.found


def code_for(secret: str) -> str:
    """Return the six digits an app would show now, by RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    number = struct.unpack(">I", digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


SIGNED_OUT = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
SIGNED_IN = [
    "people:account",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "usersessions_list",
    "socialaccount_connections",
]


def in_languages(client: Client, address: str) -> Iterator[tuple[str, str]]:
    """Yield bokmål and nynorsk pages, each with the English one."""
    pages = {
        language: client.get(address, headers={"accept-language": language}, follow=True)
        for language in ("nb", "nn", "en")
    }
    for language in ("nb", "nn"):
        assert pages[language].status_code in {200, 401}
        assert f'<html lang="{language}"' in pages[language].text
        yield pages[language].text, pages["en"].text


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_pages_before_signing_in_hold_no_english(client: Client, name: str) -> None:
    for page, english in in_languages(client, reverse(name)):
        assert english_words(page, english) == set()


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_the_account_hold_no_english(signed_in: Client, name: str) -> None:
    for page, english in in_languages(signed_in, reverse(name)):
        assert english_words(page, english) == set()


def test_what_is_wrong_is_said_in_the_language_of_the_page(client: Client, marit: Person) -> None:
    sentences = {
        "nb": "Adressen og passordet passer ikke sammen.",
        "nn": "Adressa og passordet passar ikkje saman.",
        "en": "The address and the password do not match.",
    }
    for language, sentence in sentences.items():
        page = client.post(
            reverse("account_login"),
            {"login": marit.email, "password": "feil"},
            headers={"accept-language": language},
        )
        assert sentence in page.text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_forgotten_password_is_made_anew(client: Client, marit: Person, language: str) -> None:
    headers = {"accept-language": language}
    client.post(reverse("account_reset_password"), {"email": marit.email}, headers=headers)
    message = mail.outbox[-1]
    english = {"nb": False, "nn": False, "en": True}[language]
    assert ("there is nothing you need to do" in message.body) is english
    link = re.search(r"/konto/password/reset/key/\S+", str(message.body))
    assert link is not None
    page = client.get(link.group(), headers=headers, follow=True)
    where = page.redirect_chain[-1][0]
    fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(where, fields, headers=headers).status_code == 302
    assert (
        client.login(username=marit.email, password=NEW_PASSWORD)
        or client.post(
            reverse("account_login"), {"login": marit.email, "password": NEW_PASSWORD}
        ).status_code
        == 302
    )
    again = client.get(link.group(), headers=headers, follow=True).text
    told = {"nb": "Lenken er brukt", "nn": "Lenkja er brukt", "en": "The link has been used"}
    assert told[language] in again


def test_an_unknown_address_learns_nothing(client: Client, marit: Person) -> None:
    known = client.post(reverse("account_reset_password"), {"email": marit.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "x@e.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.text == unknown.text


def test_an_address_is_changed_when_the_link_to_the_new_one_is_opened(
    signed_in: Client, marit: Person
) -> None:
    fields = {"email": "ny@example.org", "action_add": "1"}
    signed_in.post(reverse("account_email"), fields)
    marit.refresh_from_db()
    assert marit.email == "marit@example.org"
    link = re.search(r"/konto/confirm-email/\S+", str(mail.outbox[-1].body))
    assert link is not None
    for page, english in in_languages(signed_in, link.group()):
        assert english_words(page, english) - {"ny@example.org"} == set()
    signed_in.post(link.group())
    marit.refresh_from_db()
    assert marit.email == "ny@example.org"


def test_two_steps_with_an_app_and_spare_codes(signed_in: Client, marit: Person) -> None:
    for page, english in in_languages(signed_in, reverse("mfa_activate_totp")):
        assert english_words(page, english) == set()
    page = signed_in.get(reverse("mfa_activate_totp")).text
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret is not None
    signed_in.post(reverse("mfa_activate_totp"), {"code": code_for(secret.group(1))})
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
                 "mfa_deactivate_totp", "mfa_reauthenticate"):  # fmt: skip
        for page, english in in_languages(signed_in, reverse(name)):
            assert english_words(page, english) - set(spare_codes(marit)) == set()
    fresh = Client()
    fresh.post(reverse("account_login"), {"login": marit.email, "password": PASSWORD})
    assert fresh.get(reverse("people:account")).status_code == 302
    for page, english in in_languages(fresh, reverse("mfa_authenticate")):
        assert english_words(page, english) == set()
    fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert fresh.get(reverse("people:account")).status_code == 302
    fresh.post(reverse("mfa_authenticate"), {"code": spare_codes(marit)[0]})
    assert fresh.get(reverse("people:account")).status_code == 200


def spare_codes(person: Person) -> list[str]:
    """Return the person's unused spare codes."""
    from allauth.mfa.models import Authenticator

    return list(
        Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    )


def test_a_person_signs_out_everywhere_else(signed_in: Client, marit: Person) -> None:
    library = Client()
    library.post(reverse("account_login"), {"login": marit.email, "password": PASSWORD})
    assert library.get(reverse("people:account")).status_code == 200
    signed_in.get(reverse("people:account"))
    signed_in.post(reverse("usersessions_list"))
    assert library.get(reverse("people:account")).status_code == 302
    assert signed_in.get(reverse("people:account")).status_code == 200


def test_name_and_language_are_kept(signed_in: Client, marit: Person) -> None:
    signed_in.post(reverse("people:account"), {"name": "Marit H.", "language": "nn"})
    marit.refresh_from_db()
    assert (marit.name, marit.language) == ("Marit H.", "nn")


def test_nobody_makes_an_account_by_themselves(client: Client) -> None:
    fields = {"email": "x@e.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), fields)
    assert not Person.objects.filter(email="x@e.org").exists()
