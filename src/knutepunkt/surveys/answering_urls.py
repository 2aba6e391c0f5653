"""Which addresses do participants use? They stay as they are: they are printed on paper."""

from django.urls import path

from knutepunkt.surveys.views import answering

urlpatterns = [
    path("s/", answering.enter_code, name="answering-code"),
    path("s/<str:code>", answering.answer, name="answering-slip"),
    path("angre/", answering.withdraw, name="answering-withdraw"),
]
