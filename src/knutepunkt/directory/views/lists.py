"""How does a list of groups come in from a file, and go out as one?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from knutepunkt.directory import actions, exports, presenters, queries
from knutepunkt.directory.forms import ImportForm
from knutepunkt.directory.group_list import ListedGroup, read_groups
from knutepunkt.directory.sheets import read_rows
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal

#: Where the session keeps a list that has been read but not yet approved.
WAITING = "groups_to_import"
KINDS = {
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        exports.as_workbook,
    ),
}


@needs(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = read_groups(read_rows(file.read(), file.name))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            organisation = acting_for(request)
            fit = actions.check_fit(organisation=organisation, groups=reading.groups)
            errors = sorted(reading.errors + fit, key=lambda error: error.row)
            if not errors:
                waiting = [group.as_plain() for group in reading.groups]
                request.session[WAITING] = {"for": str(organisation.pk), "groups": waiting}
                return redirect("directory:import-preview")
            shown["head"], shown["errors"], shown["tail"] = presenters.error_sentences(errors)
    return render(request, "directory/import.html", shown)


@needs(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest) -> HttpResponse:
    organisation = acting_for(request)
    waiting = request.session.get(WAITING, {})
    if waiting.get("for") != str(organisation.pk):
        return redirect("directory:import-upload")
    groups = [ListedGroup.from_plain(plain) for plain in waiting["groups"]]
    if request.method == "POST":
        actions.import_groups(organisation=organisation, groups=groups, by=person_of(request))
        del request.session[WAITING]
        sentence = ngettext(
            "{number} group has been added.", "{number} groups have been added.", len(groups)
        )
        messages.success(request, sentence.format(number=len(groups)))
        return redirect("directory:group-list")
    names = {theme.slug: str(theme) for theme in queries.themes()}
    rows = [(group, names[group.theme]) for group in groups]
    return render(request, "directory/import_preview.html", {"rows": rows})


@needs(Role.COORDINATOR)
@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponse:
    groups = queries.groups_of(acting_for(request)).prefetch_related("events")
    return _file(exports.rows_of(groups), extension, _("groups"))


@needs(Role.COORDINATOR)
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    return _file([], "xlsx", _("template for groups"))


def _file(rows: list[list[exports.Cell]], extension: str, name: str) -> HttpResponse:
    content_type, write = KINDS[extension]
    answer = HttpResponse(write(rows), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name.replace(" ", "-")}.{extension}"'
    answer["Cache-Control"] = "no-store"
    return answer
