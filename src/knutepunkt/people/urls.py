"""Which addresses does this room answer?"""

from django.urls import URLPattern, URLResolver, path

from knutepunkt.people.views import centre

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = [
    path("senteret/", centre.organisation, name="organisation"),
    path("senteret/roller/<int:pk>/avslutt/", centre.end_role, name="role-end"),
    path("drift/organisasjoner/", centre.organisation_list, name="organisation-list"),
    path("invitasjon/<str:token>/", centre.accept, name="invitation-accept"),
]
