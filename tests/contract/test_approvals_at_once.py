"""Two people approve two reports of one round at the same moment, on two servers: what is told?

Two real servers share the databases, as two machines behind one address do. Nothing in their memory
can put the approvals one after the other; the databases must.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from tests.contract.failing import Kept
from tests.served import START, Served

PROPOSE = (
    START
    + """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from knutepunkt.evaluations import actions
from knutepunkt.people.models import Organisation
from knutepunkt.people.vocabulary import OrganisationKind, Role
from tests.unit.evaluations.conftest import closed_round, person
centre = Organisation.objects.create(
    name="Havna", short_name="Havna", slug="havna", kind=OrganisationKind.CENTRE)
maker = person("maker@havna.example", centre, Role.COORDINATOR)
asked = closed_round(centre, maker, groups=6, seed=3)
waiting = []
for email in ("en@havna.example", "to@havna.example"):
    approver = person(email, centre, Role.APPROVER)
    made = actions.make_evaluation(survey=asked.survey, rounds=[asked], audience="centre", by=maker)
    actions.ask_colleague(evaluation=made, approver=approver, by=maker)
    session = SessionStore()
    session[SESSION_KEY] = str(approver.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = approver.get_session_auth_hash()
    session.create()
    waiting.append([str(made.pk), session.session_key])
print(json.dumps(waiting))
"""
)
READ = (
    START
    + """
from knutepunkt.analysis.disclosure import Ledger
from knutepunkt.evaluations.ledger_copy import kept_releases
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.queries import ledger_entries, ledger_trouble
from knutepunkt.responses.models import ContributorSet
Ledger(tuple(ledger_entries()))
print(json.dumps(dict(
    trouble=ledger_trouble(),
    copies=len(kept_releases() or ()),
    releases=[dict(report=str(r.evaluation_id), sequence=r.sequence, previous=r.previous_hash,
        hash=r.hash, before=r.certificate["ledger"], behind=ContributorSet.objects.filter(
            release_ref=r.pk).count()) for r in Release.objects.order_by("sequence")],
    reports={str(e.pk): [e.state, e.comment] for e in Evaluation.objects.all()})))
"""
)
SHARED = "Du har godkjent rapporten, og den er delt."
CHANGED = (
    "En annen rapport ble delt i mellomtiden, så denne må lages på nytt. "
    "Den er sendt tilbake til den som laget den."
)


@dataclass
class Approver:
    """Somebody signed in on one server, with the report that waits for them."""

    served: Served
    report: str
    session: str

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Ask for a page; return its status, where it leads, and what it says."""
        line = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=120)
        headers = {"Cookie": self.session, "Content-Type": "application/x-www-form-urlencoded"}
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            kept = [each for each in self.session.split("; ") if not each.startswith(f"{name}=")]
            self.session = "; ".join([*kept, f"{name}={value}"])
        line.close()
        return answer.status, answer.headers.get("Location", ""), text

    def approve(self, both_have_read: threading.Barrier) -> tuple[int, str]:
        """Read the report, press the button, and follow where it leads."""
        path = f"/godkjenning/{self.report}/"
        _, _, page = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, page[:500]
        both_have_read.wait(timeout=120)
        form = urlencode({"step": "approve", "csrfmiddlewaretoken": found[1]})
        status, leads, said = self.ask("POST", path, form)
        return (status, said) if not leads else self.ask("GET", leads)[::2]


def test_two_servers_approve_two_reports_of_one_round_at_once(kept: Kept, tmp_path: Path) -> None:
    first = kept.served(tmp_path / "data")
    first.workers = 1
    waiting = json.loads(first.run(PROPOSE).splitlines()[-1])  # after the mail that is sent
    second = replace(first, is_migrated=True, port=0)
    try:
        with ThreadPoolExecutor(2) as starts:
            list(starts.map(Served.start, (first, second)))
        people = [
            Approver(served, report, f"sessionid={session}")
            for served, (report, session) in zip((first, second), waiting, strict=True)
        ]
        both_have_read = threading.Barrier(len(people))
        with ThreadPoolExecutor(len(people)) as presses:
            pages = presses.map(lambda each: each.approve(both_have_read), people)
            read = {each.report: page for each, page in zip(people, pages, strict=True)}
    finally:
        first.kill()
        second.kill()
    left = json.loads(first.run(READ))
    assert left["trouble"] == ""
    assert 1 <= len(left["releases"]) == left["copies"]
    root = left["releases"][0]["previous"]
    for place, release in enumerate(left["releases"]):
        # Each was judged with everything that stood before it, and follows it in the chain.
        assert release["sequence"] == place + 1
        assert release["before"] == {"releases_before": place, "root_before": root}
        assert release["previous"] == root
        assert release["behind"] > 0
        root = release["hash"]
    released = {release["report"] for release in left["releases"]}
    for report, (state, comment) in left["reports"].items():
        status, page = read[report]
        assert (state == "released") == (report in released)
        if state == "released":
            assert (status, SHARED in page) == (200, True), page[:2000]
        else:
            assert (state, comment) == ("returned", CHANGED)
            assert status != 200
            assert CHANGED in page
