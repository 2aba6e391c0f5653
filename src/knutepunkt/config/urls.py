"""Which address leads to which room?"""

from django.urls import URLPattern, URLResolver, include, path

#: What a request that cannot be read is answered with; too large ones get a sentence of their own.
handler400 = "knutepunkt.site.views.not_understood"

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", include("allauth.urls")),
    path("", include("knutepunkt.people.urls")),
    path("", include("knutepunkt.directory.urls")),
    path("", include("knutepunkt.surveys.answering_urls")),
    path("", include("knutepunkt.surveys.urls")),
    path("", include("knutepunkt.evaluations.urls")),
    path("", include("knutepunkt.site.urls")),
]
