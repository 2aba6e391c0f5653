"""Where does a test get the shipped reverse proxy in front of a real server?"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SHIPPED = Path(__file__).resolve().parents[1] / "ops" / "nginx.conf"
MAIN = """
pid {folder}/nginx.pid;
daemon off;
events {{ worker_connections 256; }}
http {{
    include {folder}/shipped.conf;
}}
"""


@dataclass
class Proxy:
    """The shipped configuration, with addresses and folders of this machine in it."""

    port: int
    folder: Path

    @property
    def access_log(self) -> str:
        """Return all that the proxy has written about requests."""
        return (self.folder / "knutepunkt.log").read_text()

    def everything_written(self) -> dict[str, str]:
        """Return every file the proxy has made, by name."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path.name: path.read_text("utf-8", "replace") for path in files}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=senter.example", "-keyout", folder / "privkey.pem",
         "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def proxy(server_port: int) -> Iterator[Proxy]:
    """Run nginx with the shipped configuration; skip by name where there is none."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        if "nginx" in os.environ.get("KNUTEPUNKT_REQUIRE", ""):
            pytest.fail("no nginx: install nginx-light and openssl")
        pytest.skip("no nginx: install nginx-light (and openssl)")
    folder = Path(tempfile.mkdtemp(prefix="kp-nginx-"))
    folder.chmod(0o755)
    port, plain = _free_port(), _free_port()
    shipped = SHIPPED.read_text()
    for was, here in (
        ("/etc/ssl/senter.example", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{server_port}"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
    ):
        assert was in shipped, f"the shipped configuration no longer says {was}"
        shipped = shipped.replace(was, here)
    # One address family is enough here; older versions do not know "http2 on".
    shipped = re.sub(r"^\s*(listen \[::\]|http2).*\n", "", shipped, flags=re.M)
    (folder / "shipped.conf").write_text(shipped)
    (folder / "main.conf").write_text(MAIN.format(folder=folder))
    _certificate(folder)
    command = ["nginx", "-e", "stderr", "-c", str(folder / "main.conf"), "-p", str(folder)]
    with (folder / "said.log").open("wb") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        _wait_for(port, running, folder / "said.log")
        yield Proxy(port, folder)
    finally:
        running.terminate()
        running.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, running: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nginx did not start: {said.read_text()}")
