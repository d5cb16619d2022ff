"""Untrusted input, seeded and bounded: damaged and crafted media, mutated requests and configurations.

FUZZ_FACTOR multiplies the number of random cases, for a long run by hand.
"""

import os
import random
import re
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import crafted
from conftest import ROOT
from mutations import mutate
from service import API_KEY, PATIENCE, as_json, multipart, urlencoded, wait_until

FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))
SECONDS, MEBIBYTES = 20 * PATIENCE, 700
"""What one small file may cost, at most."""

CONTAINERS = {
    "mp4": ("-c:v", "libx264"), "mkv": ("-c:v", "libx264", "-bf", "3"), "avi": ("-c:v", "mpeg4"),
    "ts": ("-c:v", "libx264"), "webm": ("-c:v", "libvpx", "-cpu-used", "8"), "flv": ("-c:v", "flv"),
    "mpg": ("-c:v", "mpeg2video"), "wmv": ("-c:v", "wmv2"),
}


# MARK: media

def run(command, seconds=SECONDS):
    """Runs a command to its end. Returns its exit status (negative: a signal) and its standard error."""
    process = subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        # Else libmongoc has a word about files of killed processes, of which other tests have left many.
        env=os.environ | {"MONGOC_DISABLE_SHM": "1"})
    try:
        errors = process.communicate(timeout=seconds)[1].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "hangs", ""
    return process.returncode, errors


def complaint(status, errors, output):
    """What is wrong with how the program ended; None when it made clips or refused with one line."""
    if status not in (0, 1):
        name = signal.Signals(-status).name if isinstance(status, int) and status < 0 else status
        return f"ended with {name}: {errors[-300:]}"
    if status == 1 and not is_refusal(errors):
        return f"refused with other than one line: {errors[-300:]}"
    if (status == 0) != (output / "tasks.json").is_file():
        return f"ended with {status}, and tasks.json says otherwise"
    return None


def is_refusal(errors):
    """One line of the program's, after those that tell how far it had come."""
    lines = [line for line in errors.splitlines() if not re.fullmatch(r"\d+ frames? in \d+ clips?( .*)?", line)]
    return len(lines) == 1 and lines[0].startswith("content-processor: ")


def clips(program, path, output, rate=5):
    # RLIMIT_DATA: what the program allocates, without the libraries' code and reserved address space.
    return ["prlimit", f"--data={MEBIBYTES * 2**20}", program, "clips", path, "--rate", rate, "--workers", "1",
            "--output", output]


@pytest.mark.parametrize("extension", CONTAINERS)
def test_a_damaged_file_becomes_clips_or_one_line(program, tmp_path, extension):
    source = tmp_path / f"source.{extension}"
    crafted.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=1", "-pix_fmt", "yuv420p",
                   *CONTAINERS[extension], source)
    data = source.read_bytes()

    def attempt(number):
        path, output = tmp_path / f"{number}.{extension}", tmp_path / f"out-{number}"
        path.write_bytes(mutate(data, random.Random(f"{extension} {number}")))
        return complaint(*run(clips(program, path, output)), output)

    with ThreadPoolExecutor(2) as pool:
        found = {number: wrong for number, wrong in enumerate(pool.map(attempt, range(8 * FACTOR))) if wrong}
    assert not found


OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"')


def traced(command, log):
    """The command, its opened files and connections written to `log`."""
    return ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,connect,execve", "-o", log, *command]


def check_trace(log, folder, allowed):
    """Below the folder only what is allowed was opened, no other program ran, and nothing was connected to."""
    text = log.read_text()
    touched = {path for path in OPENED.findall(text) if path.startswith(str(folder))}
    assert not {path for path in touched if not path.startswith(tuple(map(str, allowed)))}
    assert text.count("execve(") == text.count("execve(\"/usr/bin/prlimit\"") + 1
    assert "AF_INET" not in text


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    """A folder with a secret that crafted files point to, and the crafted files by name."""
    folder = tmp_path_factory.mktemp("crafted")
    secret = folder / "secret.txt"
    secret.write_text("the content of another file\n")
    return folder, secret, crafted.files(folder, secret)


def test_a_crafted_file_reads_no_other_file(program, trap):
    folder, _, files = trap

    def attempt(name):
        path, output, log = folder / f"crafted-{name}", folder / f"out-{name}", folder / f"trace-{name}"
        path.write_bytes(files[name])
        status, errors = run(traced(clips(program, path, output, rate=240), log))
        check_trace(log, folder, [path, output])
        return complaint(status, errors, output)

    with ThreadPoolExecutor(2) as pool:
        found = {name: wrong for name, wrong in zip(files, pool.map(attempt, files)) if wrong}
    assert not found


REFUSED = ["playlist-as-frame.avi", "playlist.mp4", "playlist.ts", "concat.mp4", "session.mp4",
           "dash.mp4", "smil.mp4", "huge-picture.avi", "huge-raw.avi", "many-streams.avi", "late.mkv",
           "nested.mp4", "metadata.mp4", "empty.mp4", "zeros.mp4"]


def test_a_name_that_means_more_to_ffmpeg_is_only_a_name(program, trap):
    folder, secret, _ = trap
    for number, name in enumerate(crafted.names(folder, secret)):
        output, log = folder / f"out-name-{number}", folder / f"trace-name-{number}"
        status, errors = run(traced([program, "clips", "--rate", "5", "--output", output, "--", name], log))
        assert status == 1 and is_refusal(errors), (name, status, errors)
        check_trace(log, folder, [name, output])


def test_a_fifo_is_refused_at_once(program, tmp_path):
    os.mkfifo(tmp_path / "fifo.mp4")
    status, errors = run([program, "clips", tmp_path / "fifo.mp4", "--rate", "5", "--output", tmp_path / "out"])
    assert status == 1 and is_refusal(errors), (status, errors)


def test_a_crafted_upload_ends_with_422_and_harms_nobody(backend, trap, videos):
    """Through the REST endpoint, in the worker processes."""
    folder, secret, files = trap
    uploads = {}
    for name, data in files.items():
        (folder / name).write_bytes(data)
        uploads[name] = backend.upload(folder / name)
        answer = uploads[name].post()
        assert answer.status in (202, 422), (name, answer.body)
    good = backend.upload(videos.numbered("plain"))
    good.process()
    ends = {name: upload.wait_for_end() for name, upload in uploads.items()}
    # A table that asks for gigabytes may also end as an attempt that ran out of memory.
    wrong = {name: end["errorMessage"] for name, end in ends.items()
             if end["status"] == 2 and end["errorMessage"]["error_code"] != 422
             and not (name == "table-without-end.mp4" and "memory" in end["errorMessage"]["message"])}
    assert not wrong
    assert not {name for name in REFUSED if ends[name]["status"] != 2}, "clips were made of what is no video"
    log = backend.service.log.read_text()
    assert "worker ended" not in log
    assert secret.read_text().strip() not in log


# MARK: requests

FORGED = "2001-01-01T00:00:00+0000 error content-processor.serve: forged"
NASTY = ["", "0", "-1", "1e3", "5.0", "NaN", "\0", "\ud800", "é" * 500, "A" * 5000, "9" * 400, "null", "true", "[]",
         "{}", '{"$ne": null}', "$where", "$(touch /tmp/forged)", "`id`", "; id", "' || '1'=='1",
         "../" * 40 + "etc/passwd", f"x\n{FORGED}", f"x\r\n{FORGED}", f"x\u2028{FORGED}", f"x\x1b[2J{FORGED}", "%00",
         "%0a" + FORGED, "\u202e"]
OPERATORS = [{"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, {"$exists": True}, {"$oid": "0" * 24}, [1], [{"$ne": 1}],
             {"$where": "1"}, {"a": {"b": 1}}]


def exchange(port, data, seconds=15 * PATIENCE):
    """Sends raw bytes. Returns the status of the answer, None when the connection was closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            return None
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


def raw_post(kind, body, headers=()):
    lines = ["POST /api/processContent HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", "Connection: close",
             f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def nasty_request(fields, random_):
    """A request with one to three fields spoiled, its body or head damaged in one of two."""
    fields = {**fields, "auth_key": API_KEY}
    for _ in range(random_.randint(1, 3)):
        name = random_.choice([*fields, "upload_id[$ne]", "content_path[]", "$where", "__proto__"])
        if name != "auth_key":
            fields[name] = random_.choice(NASTY).encode("utf-8", "replace").decode()
    encode = random_.choice([multipart, urlencoded, as_json])
    kind, body = encode(fields)
    if random_.random() < 0.4:
        body = mutate(body, random_)
    data = raw_post(kind, body, [f"X-API-Key: {API_KEY}"] if random_.random() < 0.5 else [])
    if random_.random() < 0.2:
        head, separator, rest = data.partition(b"\r\n\r\n")
        data = mutate(head, random_) + separator + rest
    return data


@pytest.fixture
def bystander(backend, videos):
    """An upload that no request names: an operator in a query would find it. Nothing else is at work."""
    # A request of an earlier test may have been whole by luck.
    wait_until(lambda: not backend.database.ContentJob.find_one({"state": {"$in": ["queued", "running"]}}), 60,
               "the end of other jobs")
    return backend.upload(videos.numbered("plain"), project=backend.project())


def test_a_spoiled_request_is_answered_at_once_and_never_with_500(backend, videos, bystander):
    upload = backend.upload(videos.numbered("plain"))
    before = bystander.document
    slowest, wrong = 0, []
    for number in range(400 * FACTOR):
        data = nasty_request(upload.fields, random.Random(f"request {number}"))
        began = time.monotonic()
        try:
            status = exchange(backend.service.port, data)
        except TimeoutError:
            wrong.append((number, "no answer"))
            continue
        slowest = max(slowest, time.monotonic() - began)
        if status is not None and status >= 500:
            wrong.append((number, status))
    assert not wrong
    assert slowest < 5 * PATIENCE
    assert bystander.document == before and bystander.tasks == []
    assert backend.service.is_ready()
    check_log(backend.service.log)


def check_log(log):
    """Every line is the service's own, and no control character got into it."""
    for line in log.read_text(errors="surrogateescape").split("\n")[:-1]:
        assert re.match(r"20[2-9]\d-\d\d-\d\dT[\d:.]+Z \w+ (serve|work): ", line), line
        assert not re.search(r"[\x00-\x1f\x7f\u0085\u2028\u2029]", line), repr(line)


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
def test_an_object_in_place_of_a_field_is_a_bad_request(backend, videos, bystander, operator):
    before = backend.everything()
    for name in ("upload_id", "project_id", "content_path", "frame_rate"):
        answer = backend.service.post({**bystander.fields, name: operator}, encode=as_json)
        assert answer.status == 400, (name, answer.body)
        assert backend.everything() == before or name != "upload_id"


@pytest.mark.parametrize("name", ["upload_id[$ne]", "upload_id.$ne", "upload_id[]", "$where"])
@pytest.mark.parametrize("encode", [urlencoded, multipart, as_json])
def test_an_operator_in_a_name_reaches_no_query(backend, bystander, name, encode):
    fields = {field: value for field, value in bystander.fields.items() if field != "upload_id"}
    before = backend.everything()
    answer = backend.service.post({**fields, name: "x"}, encode=encode)
    assert answer.status == 400, answer.body
    assert backend.everything() == before


@pytest.mark.parametrize("path", [
    "/api/jobs/%7B%22$ne%22:1%7D", "/api/jobs/..%2f..%2fetc", "/api/jobs?state[$ne]=x", "/api/jobs?state=%7B%7D",
    "/api/jobs/%00", "/api/jobs/%0a" + FORGED.replace(" ", "%20"), "/api/jobs/" + "a" * 8000, "/%ff", "//",
    "/api/jobs?" + "a=1&" * 900])
def test_a_spoiled_address_is_answered_and_not_with_500(backend, path):
    status = backend.service.get(path).status
    assert status < 500
    check_log(backend.service.log)


@pytest.mark.parametrize("head", [
    b"", b"\r\n\r\n", b"GET", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" + bytes(100),
    b"POST /api/processContent HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /api/processContent HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    b"POST /api/processContent HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(50)])
def test_bytes_that_are_no_request_end_the_connection(backend, head):
    status = exchange(backend.service.port, head)
    assert status is None or status < 500
    assert backend.service.is_ready()


# MARK: configuration

VALUES = ["", "-1", "0", "1", "99999999999999999999", "1e9", "nan", "é", "A" * 10_000, "%s%n", "true", "../..", "/",
          "[x]", "=", "mongodb://", "mongodb://a:b@c:d", "sha256:", "sha256:" + "0" * 64, "http://", "\t", "a,b,,c",
          "\x01"]
SECRET = "Verb0rgenes-Wort"


def nasty_configuration(text, random_):
    lines = text.splitlines()
    lines.insert(lines.index("[S3]"), f"password = {SECRET}")
    for _ in range(random_.randint(1, 4)):
        number = random_.randrange(len(lines))
        name, separator, _ = lines[number].lstrip("#").partition(" =")
        if separator:
            lines[number] = f"{name} = {random_.choice(VALUES)}"
        elif random_.random() < 0.5:
            lines.insert(number, random_.choice(lines))
    data = "\n".join(lines).encode()
    return mutate(data, random_) if random_.random() < 0.3 else data


def test_a_spoiled_configuration_stops_with_one_line_or_works(program, videos, tmp_path):
    text, video = (ROOT / "config.cfg").read_text(), videos.numbered("plain")

    def attempt(number):
        path = tmp_path / f"{number}.cfg"
        path.write_bytes(nasty_configuration(text, random.Random(f"configuration {number}")))
        status, errors = run([program, "probe", video, "--config", path])
        if status != 0 and (not isinstance(status, int) or status < 0 or len(errors.strip().splitlines()) != 1):
            return status, errors[-300:]
        return "the password is shown" if SECRET in errors else None

    with ThreadPoolExecutor(2) as pool:
        found = {number: wrong for number, wrong in enumerate(pool.map(attempt, range(50 * FACTOR))) if wrong}
    assert not found
