"""Which addresses does this room answer?"""

from django.urls import URLPattern, URLResolver, path

from knutepunkt.site import views

app_name = "site"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("slik-verner-vi-svarene/", views.protection, name="protection"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("personvern/", views.privacy, name="privacy"),
    path("kontakt/", views.contact, name="contact"),
    path("sprak/<str:code>/", views.change_language, name="language"),
    path("rolle/", views.change_hat, name="change_hat"),
    path("min-side/", views.start, name="start"),
    path("for-stort/", views.too_large, name="too-large"),
    path("stil/", views.style, name="style"),
]
