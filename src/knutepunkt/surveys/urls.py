"""Which addresses does this room answer for those who run surveys?"""

from django.urls import URLPattern, URLResolver, path

from knutepunkt.surveys.views import paper, papers, planning, printing, rounds

app_name = "surveys"

urlpatterns: list[URLPattern | URLResolver] = [
    path("senteret/personvern/", papers.paper_list, name="paper-list"),
    path("senteret/personvern/<uuid:pk>/<str:kind>/<str:language>/", papers.paper, name="paper"),
    path("om/<uuid:pk>/<str:kind>/<str:language>/", papers.notice, name="notice"),
    path("undersokelser/", planning.survey_list, name="survey-list"),
    path("undersokelser/ny/", planning.start, name="plan-start"),
    path("undersokelser/plan/<uuid:pk>/kast/", planning.discard, name="plan-discard"),
    path("undersokelser/plan/<uuid:pk>/<str:page>/", planning.page, name="plan-page"),
    path("undersokelser/runde/<uuid:pk>/", rounds.round_detail, name="round-detail"),
    path("undersokelser/runde/<uuid:pk>/lukk/", rounds.close_asked, name="round-close"),
    path("undersokelser/runde/<uuid:pk>/lapper/", printing.print_all, name="round-print"),
    path("undersokelser/runde/<uuid:pk>/nye-lapper/", printing.replace, name="round-replace"),
    path("undersokelser/runde/<uuid:pk>/nokkel/", rounds.key, name="round-key"),
    path("undersokelser/runde/<uuid:pk>/forleng/", rounds.extend, name="round-extend"),
    path("undersokelser/runde/<uuid:pk>/igjen/", rounds.again, name="round-again"),
    path("undersokelser/runde/<uuid:pk>/papir/<str:sheet>/", printing.sheet, name="round-paper"),
    path("undersokelser/runde/<uuid:pk>/papirsvar/", paper.paper_entry, name="round-paper-entry"),
    path("undersokelser/runde/<uuid:pk>/e-post/", printing.email_text, name="round-email"),
    path("undersokelser/runde/<uuid:pk>/gjor/<str:step>/", rounds.act, name="round-act"),
]
