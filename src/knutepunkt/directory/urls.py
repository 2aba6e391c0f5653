"""Which addresses does this room answer?"""

from django.urls import URLPattern, URLResolver, path, re_path

from knutepunkt.directory.views import groups, houses, lists

app_name = "directory"

urlpatterns: list[URLPattern | URLResolver] = [
    path("grupper/", groups.group_list, name="group-list"),
    path("grupper/ny/", groups.group_add, name="group-add"),
    path("grupper/les-inn/", lists.import_upload, name="import-upload"),
    path("grupper/les-inn/se-over/", lists.import_preview, name="import-preview"),
    path("grupper/mal.xlsx", lists.template, name="import-template"),
    re_path(r"^grupper/liste\.(?P<extension>csv|xlsx)$", lists.export, name="export"),
    path("grupper/<uuid:group>/", groups.group_show, name="group-show"),
    path("grupper/<uuid:group>/rett/", groups.group_change, name="group-change"),
    path("grupper/<uuid:group>/bekreft/", groups.group_confirm, name="group-confirm"),
    path("grupper/<uuid:group>/overlat/", groups.group_hand_over, name="group-hand-over"),
    path("grupper/<uuid:group>/del/", groups.group_split, name="group-split"),
    path("grupper/<uuid:group>/start/", groups.group_step, {"verb": "start"}, name="group-start"),
    path("grupper/<uuid:group>/pause/", groups.group_step, {"verb": "pause"}, name="group-pause"),
    path(
        "grupper/<uuid:group>/start-igjen/",
        groups.group_step,
        {"verb": "restart"},
        name="group-restart",
    ),
    path("grupper/<uuid:group>/avslutt/", groups.group_step, {"verb": "end"}, name="group-end"),
    path("senteret/hus/", houses.house_list, name="house-list"),
    path("senteret/hus/nytt/", houses.house_add, name="house-add"),
    path("senteret/hus/<uuid:house>/", houses.house_change, name="house-change"),
]
