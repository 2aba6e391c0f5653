"""Which address leads to which room?"""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", include("allauth.urls")),
    path("", include("knutepunkt.people.urls")),
    path("", include("knutepunkt.directory.urls")),
    path("", include("knutepunkt.surveys.answering_urls")),
    path("", include("knutepunkt.surveys.urls")),
    path("", include("knutepunkt.evaluations.urls")),
    path("", include("knutepunkt.site.urls")),
]
