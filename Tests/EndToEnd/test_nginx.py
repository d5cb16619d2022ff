"""deploy/nginx serves the clips of a real job: the backend permits by X-Accel-Redirect, nginx sends the bytes."""

import contextlib
import http.client
import http.server
import ssl
import subprocess
import threading
import urllib.parse

import pytest

from certificates import Authority
from servers import ROOT, TOOLS, Server, free_port
from service import API_KEY, Answer


class Permitting(http.server.BaseHTTPRequestHandler):
    """As the backend answers: a permitted GET of /clip/<key> names the object and sends nothing."""

    def do_GET(self):
        key = self.path.removeprefix("/clip/")
        self.send_response(200)
        self.send_header("X-Accel-Redirect", f"/clips/{key}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def permitting_backend():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Permitting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


class Front:
    """nginx with the example, which differs only in its ports, its folder and its temporary files."""

    def __init__(self, folder, backend_port, service_port, objects):
        self.folder, self.port = folder, free_port()
        authority = Authority(folder / "authority")
        self.trust = ssl.create_default_context(cafile=authority.ca_file)
        certificate = authority.sign("annotation")
        (folder / "tls").mkdir()
        certificate.certificate.rename(folder / "tls" / "annotation.pem")
        certificate.key.rename(folder / "tls" / "annotation.key")
        example = (ROOT / "deploy" / "nginx" / "content-processor.conf").read_text()
        changes = {"127.0.0.1:3000": f"127.0.0.1:{backend_port}", "127.0.0.1:8081": f"127.0.0.1:{service_port}",
                   "listen 443 ": f"listen 127.0.0.1:{self.port} ",
                   "/var/lib/content-processor/work/objects": str(objects)}
        for old, new in changes.items():
            assert old in example
            example = example.replace(old, new)
        (folder / "example.conf").write_text(example)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        scratch = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        (folder / "nginx.conf").write_text(
            f"daemon off;\npid {folder}/pid;\nerror_log stderr;\n"
            # As root, nginx would give its workers to another user, who cannot read a test's folders.
            "user root;\nevents {}\nhttp {\naccess_log off;\n" + scratch + f"include {folder}/example.conf;\n}}\n")

    @property
    def command(self):
        return [TOOLS / "nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "stderr"]

    def get(self, path, host="annotation.example.org", headers=()):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.trust, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host, **dict(headers)})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())


@pytest.fixture(scope="module")
def front(backend, tmp_path_factory):
    with permitting_backend() as port:
        front = Front(tmp_path_factory.mktemp("nginx"), port, backend.service.port, backend.store.directory)
        with Server("nginx", front.command, front.folder / "log") as server:
            server.wait_for_port(front.port)
            yield front


@pytest.fixture(scope="module")
def key(backend, videos):
    """The key of a clip, whose name has to be percent-encoded."""
    upload = backend.upload(videos.numbered("plain"), name="Kreuzung Süd 100%.mp4")
    upload.process()
    return upload.tasks[0]["videoPath"]


def test_nginx_accepts_the_example(front):
    result = subprocess.run([*front.command, "-t"], capture_output=True, text=True)
    assert result.returncode == 0 and "[warn]" not in result.stderr, result.stderr


def test_a_permitted_clip_is_sent_whole_and_in_part(front, backend, key):
    path, clip = f"/clip/{urllib.parse.quote(key)}", backend.store.bytes(key)
    whole = front.get(path)
    assert (whole.status, whole.headers["Content-Type"], whole.body) == (200, "video/mp4", clip)
    part = front.get(path, headers={"Range": "bytes=100-299"})
    assert (part.status, part.headers["Content-Range"], part.body) == (206, f"bytes 100-299/{len(clip)}", clip[100:300])
    assert front.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status == 304


def test_nobody_reaches_objects_without_the_backend(front, key):
    for path in (f"/clips/{urllib.parse.quote(key)}", "/clip/../clips/" + urllib.parse.quote(key)):
        assert front.get(path).status == 404


def test_no_path_and_no_link_leads_out_of_the_objects(front, backend):
    secret = backend.store.directory.parent / "secret.mp4"
    secret.write_text("secret")
    (backend.store.directory / "link.mp4").symlink_to(secret)
    for path in ("/clip/../secret.mp4", "/clip/%2e%2e/secret.mp4", "/clip/link.mp4", "/clip/nothing.mp4"):
        answer = front.get(path)
        assert answer.status in (400, 403, 404) and b"secret" not in answer.body


def test_the_service_is_reached_but_not_its_metrics(front):
    def status(path, **headers):
        return front.get(path, "processor.example.org", headers).status

    assert [status("/healthz"), status("/readyz"), status("/metrics")] == [200, 200, 404]
    assert [status("/api/jobs"), status("/api/jobs", **{"X-API-Key": API_KEY})] == [401, 200]
