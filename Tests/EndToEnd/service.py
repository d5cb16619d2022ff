"""The service under test as a black box: its configuration file, its processes, its HTTP answers."""

import contextlib
import http.client
import json
import os
import signal
import time
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path

from servers import Server, free_port

API_KEY, NEXT_API_KEY = "key-for-the-end-to-end-tests", "another-key-for-the-end-to-end-tests"
SLOW = {"Encoding": {"preset": "veryslow"}, "Content": {"frames_per_task": 15}}
"""Settings that make work last, so that a test can meet it on its way."""

PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))
"""Factor on every waiting time, for slow machines."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def wait_until(condition, seconds=60, what="the condition"):
    """Returns the first true value of `condition()`; fails when the time is up."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds * PATIENCE:.0f} seconds"
        time.sleep(0.05)
    return value


def multipart(fields):
    """`multipart/form-data` as fetch's FormData writes it. Returns the content type and the body."""
    boundary = "----formdata-" + uuid.uuid4().hex
    parts = (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items())
    return f"multipart/form-data; boundary={boundary}", ("".join(parts) + f"--{boundary}--\r\n").encode()


def urlencoded(fields):
    return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()


def as_json(fields):
    return "application/json", json.dumps(fields, default=str).encode()


class Service:
    """`content-processor serve` with a folder, a database and a port of its own; starts and ends at will."""

    def __init__(self, program, folder, mongo_uri, database_name, store_settings, settings=()):
        self.program, self.folder, self.database_name = Path(program), Path(folder), database_name
        self.root, self.work = self.folder / "root", self.folder / "work"
        (self.root / "contents" / "uploads").mkdir(parents=True)
        self.port = free_port()
        self.log = self.folder / "service.log"
        self.configuration = self.folder / "config.cfg"
        self.settings = {
            "MongoDB": {"uri": mongo_uri, "db_name": database_name},
            "S3": dict(store_settings),
            "App": {"host": "127.0.0.1", "port": self.port, "api_key": API_KEY, "api_key_next": NEXT_API_KEY},
            "Content": {"frames_per_task": 10},
            "Folders": {"root": self.root, "content_base": "contents", "work": self.work},
            # A dead worker's clip is taken over soon.
            "Worker": {"lease_seconds": 5},
        }
        for section, keys in dict(settings).items():
            self.settings.setdefault(section, {}).update(keys)
        self.server = None

    def write_configuration(self):
        """Writes the settings; one of None is left out."""
        self.configuration.write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None) + "\n"
            for section, keys in self.settings.items()))

    def spawn(self, environment=()):
        """Starts the process without waiting for it."""
        self.write_configuration()
        self.server = Server(
            "the service", [self.program, "serve", "--config", self.configuration], self.log,
            environment={**os.environ, **dict(environment)})
        return self

    def start(self, environment=()):
        self.spawn(environment)
        self.server.wait_until(self.is_ready, 60 * PATIENCE)
        return self

    def stop(self):
        """SIGTERM. Returns the exit status, having checked that the log kept the secrets."""
        if self.server is None:
            return None
        workers = descendants(self.server.pid)
        status = self.server.stop(seconds=40 * PATIENCE)
        self.server = None
        kill(workers)
        self.check_that_the_log_keeps_secrets()
        return status

    def kill(self):
        """SIGKILL to the service and its workers at once, as when a machine loses power."""
        kill([self.server.pid] + descendants(self.server.pid))
        self.server.process.wait()
        self.server = None

    def workers(self):
        return descendants(self.server.pid)

    def check_that_the_log_keeps_secrets(self):
        text = self.log.read_text(errors="replace")
        for secret in (API_KEY, NEXT_API_KEY, self.settings["S3"].get("secret_access_key")):
            assert secret is None or secret not in text, "a secret stands in the log"

    def is_ready(self):
        try:
            return self.request("GET", "/readyz", timeout=10).status == 200
        except OSError:
            return False

    def request(self, method, path, body=None, headers=(), timeout=120):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, key=API_KEY):
        return self.request("GET", path, headers={"X-API-Key": key} if key else {})

    def delete(self, path):
        return self.request("DELETE", path, headers={"X-API-Key": API_KEY})

    def post(self, fields, encode=multipart, headers=(), key=API_KEY):
        """Posts to /api/processContent with the key in the body, as the Node.js backend does."""
        kind, body = encode({**fields, "auth_key": key} if key else fields)
        return self.request("POST", "/api/processContent", body, {"Content-Type": kind, **dict(headers)})


    def create_data_set(self, fields, key=API_KEY):
        """Posts to /api/createDataSet, with the key in the body where there is one."""
        kind, body = multipart({**fields, "auth_key": key} if key else fields)
        return self.request("POST", "/api/createDataSet", body, {"Content-Type": kind})


def descendants(pid):
    """The ids of a process's children and theirs, parents first."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name in parentheses may hold spaces; the parent's id is the second field after it.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found[1:]


def kill(pids):
    """SIGKILL to each that still lives."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
