"""Who may make an account by themselves? Nobody: accounts come by invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from knutepunkt.people.models import Person


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no."""
        return False


class SignInOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets ID-porten, Feide and Entra sign people in who have an account with a verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: a new identity must belong to somebody who was invited."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join an identity to the account with the same address, if the provider verified it."""
        if sociallogin.is_existing:
            return
        verified = [each.email for each in sociallogin.email_addresses if each.verified]
        person = Person.objects.filter(email__in=[mail.lower() for mail in verified]).first()
        if person is not None:
            sociallogin.connect(request, person)
