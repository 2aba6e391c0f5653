"""How do the example's participants answer: over HTTP, through the pages everybody uses?"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from lxml import html

#: Long, for a machine with much else to do; a server that stops is noticed at once.
START_SECONDS = 180
VISITORS = 4


class VisitFailed(RuntimeError):
    """A page did not do what a participant needs; says which page and what it answered."""


@dataclass(frozen=True)
class Visit:
    """A participant with a slip, a language and what to answer (item id to value).

    ``words`` holds the card the thanks page gave, once somebody has answered.
    """

    code: str
    language: str
    answers: Mapping[str, Any]
    words: list[str] = field(default_factory=list)


@contextmanager
def server(*, day: str) -> Iterator[tuple[str, int]]:
    """Run the site's own server on a free port while the example plays ``day``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "KNUTEPUNKT_EXAMPLE_DATE": day,
    }
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "knutepunkt.config.wsgi:application",
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning",
        ],
        env=environment,
    )  # fmt: skip
    try:
        _wait_for(process, port)
        yield "127.0.0.1", port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise VisitFailed("The server did not start. Run `knutepunkt check` and try again.")


def answer_all(address: tuple[str, int], visits: list[Visit]) -> Iterator[int]:
    """Let everyone answer, a few at a time; yield how many have been thanked so far."""
    with ThreadPoolExecutor(max_workers=VISITORS) as pool:
        waiting = [pool.submit(_answer, address, visit) for visit in visits]
        for done, finished in enumerate(as_completed(waiting), start=1):
            finished.result()
            yield done


def _answer(address: tuple[str, int], visit: Visit) -> None:
    """Open the slip's address, go through every part, look over the summary, and send."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    path = f"/s/{visit.code}?lang={visit.language}"
    try:
        page = _ask(connection, "GET", path)
        page = _ask(connection, "POST", path, {"go": "start"})
        while (number := _hidden(page).get("page", "")).isdigit():
            fields = _hidden(page) | _filled(page, visit.answers) | {"go": "next"}
            following = _ask(connection, "POST", path, fields)
            if _hidden(following).get("page") == number:
                raise VisitFailed(f"{path}: part {number} was not accepted.")
            page = following
        sent = _ask(connection, "POST", path, _hidden(page) | {"go": "send"})
    finally:
        connection.close()
    if "state" in _hidden(sent):
        raise VisitFailed(f"{path}: the answer was not taken.")
    visit.words.extend(sent.xpath("//*[@data-words]/text()"))


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    fields: Mapping[str, Any] | None = None,
) -> html.HtmlElement:
    body = urlencode(fields, doseq=True) if fields is not None else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise VisitFailed(f"{method} {path} answered {response.status}.")
    return html.fromstring(content)


def _hidden(page: html.HtmlElement) -> dict[str, Any]:
    """Return the hidden fields of the page's form: where the visit is, and what it holds so far."""
    inputs = page.xpath("//form//input[@type='hidden' and @name]")
    return {each.get("name"): each.get("value", "") for each in inputs}


def _filled(page: html.HtmlElement, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to the questions that stand on this page, as a browser would send them."""
    names = set(page.xpath("//form//*[self::input or self::textarea or self::select]/@name"))
    fields: dict[str, Any] = {}
    for item, value in answers.items():
        if item not in names:
            continue
        if not isinstance(value, dict):
            fields[item] = value
            continue
        fields[item] = value["text"]
        if value["may_quote"]:
            fields[f"{item}.may_quote"] = "on"
    return fields
