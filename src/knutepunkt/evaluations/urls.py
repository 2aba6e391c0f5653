"""Which addresses does this room answer?"""

from django.urls import URLPattern, URLResolver, path

from knutepunkt.evaluations.views import approving, calibrating, coding, making, reading

app_name = "evaluations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("rapporter/", making.report_list, name="report-list"),
    path("rapporter/alle/", reading.public_list, name="public-list"),
    path("rapporter/ny/", making.choose_survey, name="report-choose"),
    path("rapporter/ny/<uuid:survey_id>/", making.make, name="report-make"),
    path("rapporter/logg/", making.ledger, name="ledger"),
    path("rapporter/<uuid:pk>/", making.report_detail, name="report-detail"),
    path("rapporter/<uuid:pk>/sporr-en-annen/", making.ask_another, name="report-ask-another"),
    path("rapporter/<uuid:pk>/pa-nytt/", making.again, name="report-again"),
    path("rapporter/<uuid:pk>/rett/", making.correct_report, name="report-correct"),
    path("rapporter/<uuid:pk>/trekk-tilbake/", making.retract_report, name="report-retract"),
    path("rapporter/<uuid:pk>/treffsikkerhet/", calibrating.calibration, name="report-calibration"),
    path("rapporter/<uuid:pk>/les/", reading.read, name="report-read"),
    path("rapporter/<uuid:pk>/fil/<str:language>/<str:name>", reading.download, name="report-file"),
    path("godkjenning/", approving.waiting_list, name="waiting-list"),
    path("godkjenning/<uuid:pk>/", approving.check, name="check"),
    path("godkjenning/invitasjon/<str:token>/", approving.accept, name="review-accept"),
    path("koding/", coding.coding_list, name="coding-list"),
    path("koding/ny/<uuid:round_id>/", coding.appoint, name="coding-appoint"),
    path("koding/<uuid:pk>/", coding.coding_detail, name="coding-detail"),
    path("koding/<uuid:pk>/bytt/<uuid:coder_id>/", coding.replace, name="coding-replace"),
    path("koding/<uuid:pk>/tekster/", coding.go_on, name="coding-go-on"),
    path("koding/<uuid:pk>/tekster/<int:page>/", coding.mark, name="coding-texts"),
    path("koding/<uuid:pk>/skjema.<str:kind>", coding.sheet, name="coding-sheet"),
    path("koding/<uuid:pk>/lever/", coding.hand_in, name="coding-hand-in"),
    path("koding/<uuid:pk>/ulikt/<int:page>/", coding.compare, name="coding-differences"),
    path("koding/<uuid:pk>/ferdig/", coding.settle, name="coding-settle"),
]
