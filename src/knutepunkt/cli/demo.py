"""Build the invented centre Sildrehuset and run the whole job once, for real.

Groups, a survey, two rounds of answers over HTTP, two closed rounds, reports that pass the gate
and are approved by a second person. Everything lies in var/demo and is built anew each time.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import shutil
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knutepunkt.cli import say, start_django

if TYPE_CHECKING:
    from knutepunkt.cli.example.story import Story
    from knutepunkt.evaluations.models import Evaluation
    from knutepunkt.surveys.models import Round

FOLDER = Path("var") / "demo"
MARK = "built-by-demo"
LANGUAGES = ("nb", "nn", "en")
#: How figures are told, in the words of the demo's last lines.
FORMS = {
    "categories": "with every answer category",
    "merged": "with categories merged",
    "figures": "as numbers",
    "quotations": "as words quoted",
    "band": 'as "at least"',
    "class": 'as "fewer than"',
    "only_n": "only how many answered",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whether and where to serve afterwards."""
    parser.add_argument("--serve", choices=("yes", "no"), default="yes", help="serve afterwards")
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")


def run(options: argparse.Namespace) -> int:
    """Build, answer, close, evaluate, approve, write the report, say what was released."""
    began = time.monotonic()
    if not _fresh_folder():
        return 2
    _use_folder()
    start_django()
    from django.conf import settings

    # Files are served as they lie; whitenoise misses the folder for collected ones.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

    from knutepunkt.cli.migrating import migrate_both

    # Nobody in the example reads e-mail.
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    say("An invented centre, and the whole job from answers to a protected report.")
    migrate_both()
    password = secrets.token_urlsafe(9)
    reports = _play(password)
    os.environ.pop("KNUTEPUNKT_EXAMPLE_DATE", None)
    _write(reports[0])
    for evaluation in reports:
        _say_what_was_shared(evaluation)
    say(f"Done in {time.monotonic() - began:.0f} seconds.")
    _say_sign_ins(password, options.port)
    if options.serve == "no":
        return 0
    from knutepunkt.cli import serving

    return serving.run(
        argparse.Namespace(host="127.0.0.1", port=options.port, workers=1, threads=8)
    )


def _fresh_folder() -> bool:
    """Remove what an earlier demo built; a folder the demo did not make is left alone."""
    if FOLDER.exists() and not (FOLDER / MARK).exists() and any(FOLDER.iterdir()):
        sys.stderr.write(
            f"{FOLDER} exists and was not made by the demo. Move it away and run again.\n"
        )
        return False
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    (FOLDER / MARK).touch()
    return True


def _use_folder() -> None:
    """Use the embedded default in the demo's own folder, whatever else is configured."""
    for name in ("DATABASE_URL", "VAULT_URL", "KEY_DIR", "TRANSPORT_DIR", "ENVIRONMENT"):
        os.environ.pop(f"KNUTEPUNKT_{name}", None)
    os.environ["KNUTEPUNKT_DATA_DIR"] = str(FOLDER)


def _play(password: str) -> list[Evaluation]:
    """Play the story; return the reports, the centre's newest first."""
    from knutepunkt.cli.example import content
    from knutepunkt.cli.example.building import build_groups, build_people
    from knutepunkt.cli.example.story import Story
    from knutepunkt.people.models import Organisation

    people = build_people(password)
    groups = build_groups(people)
    say(f"The centre has {len(groups)} groups over three years.")
    story = Story(
        centre=Organisation.objects.get(slug=content.CENTRE),
        coordinator=people[content.PEOPLE[1].email],
        approver=people[content.PEOPLE[2].email],
        coders=(people[content.PEOPLE[0].email], people[content.PEOPLE[5].email]),
        groups=groups,
    )
    first = _ask(story, None)
    spring = story.report([first], "centre")
    second = _ask(story, first)
    both = story.report([first, second], "centre")
    public = story.report([first, second], "public")
    return [both, public, spring]


def _ask(story: Story, after: Round | None) -> Round:
    """Plan, open, answer and close one round."""
    asked_round = story.plan() if after is None else story.next_round(after)
    visits = story.open(asked_round)
    for done in story.answer(asked_round, visits):
        if done % 25 == 0 or done == len(visits):
            say(f"Round {asked_round.number}: {done} of {len(visits)} answers given over HTTP.")
    asked_round.refresh_from_db()
    closed = story.close(asked_round)
    say(f"Round {closed.number} is closed: nothing joins a slip to an answer any more.")
    story.code(closed)
    say(f"Round {closed.number}: two people have coded the open answers apart.")
    return closed


def _write(evaluation: Evaluation) -> None:
    """Write the report as a web page and as PDF in three languages."""
    from knutepunkt.evaluations.presenters.downloads import file_of

    for language in LANGUAGES:
        for kind in ("html", "pdf"):
            found = file_of(evaluation, language, f"report.{kind}")
            if found is None:
                raise RuntimeError(f"the report has no {kind} in {language}")
            (FOLDER / f"report-{language}.{kind}").write_bytes(found[0])
    say(f"The report lies in {FOLDER}/report-{{nb,nn,en}}.{{html,pdf}}.")
    _check(evaluation)


def _check(evaluation: Evaluation) -> None:
    """Hand the report to the program that knows nothing of the gate, as a checker would."""
    from knutepunkt.cli import verifying
    from knutepunkt.evaluations.presenters.downloads import file_of

    found = file_of(evaluation, "nb", "check.zip")
    if found is None:
        raise RuntimeError("the report has nothing to be checked with")
    folder = FOLDER / "check"
    with zipfile.ZipFile(io.BytesIO(found[0])) as archive:
        archive.extractall(folder)
    status = verifying.run(
        argparse.Namespace(certificate=folder / "certificate.json", release=folder / "release")
    )
    if status:
        raise RuntimeError(f"the report does not keep its certificate; see {folder}")


def _form_of(figure: dict[str, Any]) -> str:
    """How a figure of the release is told; categories that were combined count as merged."""
    is_merged = any(len(row["codes"]) > 1 for row in figure.get("categories", ()))
    return "merged" if is_merged else str(figure["rung"])


def _say_what_was_shared(evaluation: Evaluation) -> None:
    document = evaluation.judged["document"]
    forms = Counter(_form_of(figure) for figure in document["figures"])
    rounds = ", ".join(str(each.number) for each in evaluation.rounds.order_by("number"))
    parts = [f"{forms[form]} {words}" for form, words in FORMS.items() if forms[form]]
    say(
        f"Shared with {evaluation.audience} (round {rounds}), approved by "
        f"{evaluation.release.approved_by}: {', '.join(parts)}; "
        f"{len(document['withheld'])} figures withheld."
    )


def _say_sign_ins(password: str, port: int) -> None:
    from knutepunkt.cli.example import content

    say(
        f"Sign in at http://127.0.0.1:{port}/min-side/ with the password {password} and one of these:"
    )
    seen = set()
    for person in (*content.PEOPLE, content.OPERATOR):
        if person.role not in seen:
            seen.add(person.role)
            say(f"  {person.role.value.replace('_', ' '):12} {person.email:20} {person.name}")
    say(f"To serve it again later: KNUTEPUNKT_DATA_DIR={FOLDER} make serve")
