"""What does a centre own in the room of people, and in the sign-in pages?"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from knutepunkt.people.models import Invitation, Membership
from knutepunkt.people.queries import digest_of
from knutepunkt.people.vocabulary import Role

from . import Centre
from .passkeys import stored_passkey


def build(centre: Centre) -> None:
    """Fill the parameters of sign-in pages; passkeys belong to one person alone."""
    for person in centre.people.values():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    passkey = Authenticator.objects.create(
        user=centre.coordinator,
        type=Authenticator.Type.WEBAUTHN,
        data={
            "name": f"{centre.secret} nøkkel",
            "credential": stored_passkey(centre.name.encode()),
        },
    )
    token = f"invitation-{centre.name}"
    invitation = Invitation.objects.create(
        digest=digest_of(token),
        email=f"ny@{centre.name.lower()}.example",
        organisation=centre.organisation,
        role=Role.EDITOR,
        expires_at=timezone.now() + timedelta(days=1),
    )
    held = {role: Membership.objects.get(person=centre.people[role]) for role in Role}
    centre.fill("people:*", pk=held[Role.EDITOR].pk, token=token)
    centre.fill("people:invitation-take-back", pk=invitation.pk)
    centre.fill("people:director-invite", pk=centre.organisation.pk)
    centre.fill("people:operator-end", pk=held[Role.OPERATOR].pk)
    centre.fill("mfa_edit_webauthn", pk=passkey.pk)
    centre.fill("mfa_remove_webauthn", pk=passkey.pk)
    centre.fill("account_confirm_email", key="no-such-key")
    centre.fill("account_reset_password_from_key", uidb36="0", key="no-such-key")
    centre.fill("site:language", code="nn")
    centre.fill("openid_connect_login", provider_id="no-such-provider")
    centre.fill("openid_connect_callback", provider_id="no-such-provider")
