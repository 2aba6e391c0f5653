"""Which addresses does this room answer?"""

from django.urls import URLPattern, URLResolver, path

from knutepunkt.people.views import account, centre, entering, operating

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = [
    path("min-konto/", account.account, name="account"),
    path("senteret/", centre.organisation, name="organisation"),
    path("senteret/om/", centre.facts, name="organisation-facts"),
    path("senteret/roller/<int:pk>/avslutt/", centre.end_role, name="role-end"),
    path("senteret/invitasjoner/<uuid:pk>/trekk/", centre.take_back, name="invitation-take-back"),
    path("drift/organisasjoner/", operating.organisation_list, name="organisation-list"),
    path("drift/organisasjoner/<uuid:pk>/leder/", operating.director, name="director-invite"),
    path("drift/", operating.operator_list, name="operator-list"),
    path("drift/roller/<int:pk>/avslutt/", operating.operator_end, name="operator-end"),
    path("invitasjon/<str:token>/", entering.accept, name="invitation-accept"),
]
