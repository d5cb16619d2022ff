"""The demo behind `scripts/run`: a MongoDB and the service on loopback, one video on its way from upload to task clips.

Plays the part of the Node.js backend: inserts the project and the upload, puts the video where uploads lie, posts it as
multipart/form-data and then only watches the upload document.
"""

import argparse
import contextlib
import fcntl
import json
import secrets
import shlex
import shutil
import sys
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone
from pathlib import Path

import pymongo
from bson import ObjectId

from servers import ROOT, Mongod, Server, exit_on_signals, free_port

DEMO = ROOT / "work" / "demo"
OBJECTS = DEMO / "objects"
PROGRAM = ROOT / ".build" / "release" / "content-processor"
DATABASE = "annotation"


class DemoError(Exception):
    """One sentence for the user: what went wrong, and what to do or where to look."""


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/run")
    parser.add_argument("video", nargs="?", type=Path, default=ROOT / "samples" / "crossing.mp4")
    parser.add_argument("--rate", type=int, default=5)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--check", action="store_true", help="only check the arguments")
    parser.add_argument("--program", type=Path, default=PROGRAM, help="the service's executable")
    chosen = parser.parse_args()
    if not 1 <= chosen.rate <= 240:
        parser.error(f"--rate is {chosen.rate}; it must be 1 to 240 frames per second")
    if not chosen.video.is_file():
        parser.error(f"there is no video file {chosen.video}")
    return chosen


class Service(Server):
    """The service with a configuration of its own below work/demo."""

    def __init__(self, program, mongod):
        self.key = secrets.token_hex(16)
        self.port = free_port(preferred=8081)
        self.url = f"http://127.0.0.1:{self.port}"
        self.configuration = DEMO / "config.cfg"
        self.configuration.write_text(
            "# Written anew by every scripts/run.\n"
            f"[MongoDB]\nuri = {mongod.uri}\ndb_name = {DATABASE}\n\n"
            f"[S3]\ndirectory = {OBJECTS}\n\n"
            f"[App]\napi_key = {self.key}\nhost = 127.0.0.1\nport = {self.port}\n\n"
            f"[Folders]\nroot = {DEMO}\ncontent_base = contents\nwork = {DEMO / 'scratch'}\n")
        self.configuration.chmod(0o600)
        log = DEMO / "service.log"
        log.unlink(missing_ok=True)
        super().__init__("the service", [program, "serve", "--config", self.configuration], log)
        self.wait_until(self.is_ready)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                return True
        except OSError:
            return False

    def post(self, fields):
        """Posts to /api/processContent as the backend does. Returns the answer's JSON."""
        boundary = uuid.uuid4().hex
        body = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()) + f"--{boundary}--\r\n"
        request = urllib.request.Request(
            f"{self.url}/api/processContent", body.encode(),
            {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            text = refusal.read().decode(errors="replace")
            with contextlib.suppress(ValueError, KeyError):
                text = json.loads(text)["message"]
            raise DemoError(f"the service refused the video with status {refusal.code}: {text}") from None


def insert_upload(database, video, rate):
    """A project and an upload as the backend makes them, and the video in the project's folder."""
    project, upload, now = ObjectId(), ObjectId(), datetime.now(timezone.utc)
    folder = DEMO / "contents" / "uploads" / str(project)
    folder.mkdir(parents=True)
    shutil.copyfile(video, folder / video.name)
    database.AnnotationProject.insert_one({
        "_id": project, "name": f"Demo {now:%Y-%m-%d %H:%M:%S}", "contentType": 1, "requiredFPS": rate,
        "labels": [], "contentUploads": [], "createdAt": now})
    database.AnnotationContentUpload.insert_one({
        "_id": upload, "projectId": project, "createdAt": now, "status": 0, "progress": 0, "errorMessage": {}})
    return upload, {
        "project_id": project, "frame_rate": rate, "upload_id": upload, "content_type": 1,
        "content_path": f"./contents/uploads/{project}/{video.name}", "force_write": 0, "auto_anno_version": 0,
        "request_type": 0}


def show_progress(percent, tasks, last):
    """A bar on a terminal, a line for every change elsewhere."""
    if not sys.stdout.isatty():
        print(f"   {percent} %, tasks: {tasks}", flush=True)
        return
    filled = percent * 40 // 100
    bar = "#" * filled + "." * (40 - filled)
    print(f"\r   [{bar}] {percent:3} %, tasks: {tasks} ", end="\n" if last else "", flush=True)


def watch(database, upload, service):
    """Follows the upload document to its end; raises when it ends in an error or the service is gone."""
    shown = None
    while True:
        document = database.AnnotationContentUpload.find_one({"_id": upload})
        ended = document["status"] in (1, 2)
        state = (document.get("progress", 0), document.get("taskCount", 0), ended)
        if state != shown:
            show_progress(*state)
            shown = state
        if document["status"] == 1:
            return
        if document["status"] == 2:
            error = document.get("errorMessage", {})
            raise DemoError(f"the video could not be processed: {error.get('message')} "
                            f"(code {error.get('error_code')}); the service's log is {service.log}")
        if service.process.poll() is not None:
            raise DemoError(f"the service ended with status {service.process.returncode}; {service.last_lines()}")
        time.sleep(0.2)


def print_tasks(tasks):
    rows = [("task", "frames", "source frames", "duration", "size")]
    for task in tasks:
        rows.append((
            task["taskName"], str(task["frameCount"]), f"{task['frameStart']} to {task['frameEnd']}",
            task["videoDuration"], f"{(OBJECTS / task['videoPath']).stat().st_size / 1000:.0f} kB"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for name, *rest in rows:
        print("   " + "   ".join([name.ljust(widths[0])] + [cell.rjust(w) for cell, w in zip(rest, widths[1:])]))


def print_what_to_do(tasks, upload, mongod, service, once):
    clips = [OBJECTS / task["videoPath"] for task in tasks]
    print("\nThe clips:")
    for clip in clips:
        print(f"   {clip}")
    print(f"\nPlay one:     ffplay {shlex.quote(str(clips[0]))}\n   or in a browser: {clips[0].as_uri()}")
    if once:
        print(f"Documents and clips stay in {DEMO}; without --once MongoDB and the service go on running.")
        return
    query = (f"import bson, pymongo, pprint; pprint.pp(pymongo.MongoClient('{mongod.uri}').{DATABASE}"
             f".AnnotationTask.find_one({{'uploadId': bson.ObjectId('{upload}')}}))")
    print(f"The service:  {service.url} (its key is in {service.configuration}, its log in {service.log})")
    print(f"MongoDB:      {mongod.uri}/{DATABASE} (this upload is {upload})")
    print(f"A document:   {shlex.quote(sys.executable)} -c \"{query}\"")


def demonstrate(chosen):
    print("== starting MongoDB and the service", flush=True)
    with Mongod(DEMO / "mongodb", free_port(preferred=27117)) as mongod, Service(chosen.program, mongod) as service:
        database = pymongo.MongoClient(mongod.uri)[DATABASE]
        upload, fields = insert_upload(database, chosen.video, chosen.rate)
        print(f"== posting {chosen.video.name} at {chosen.rate} frames per second", flush=True)
        began = time.monotonic()
        service.post(fields | {"auth_key": service.key})
        watch(database, upload, service)
        tasks = list(database.AnnotationTask.find({"uploadId": upload}, sort=[("frameStart", 1)]))
        frames = sum(task["frameCount"] for task in tasks)
        print(f"== done after {time.monotonic() - began:.1f} seconds: {len(tasks)} tasks with {frames} frames\n")
        print_tasks(tasks)
        print_what_to_do(tasks, upload, mongod, service, chosen.once)
        if not chosen.once:
            serve(mongod, service)


def serve(*servers):
    print("\n== serving until Ctrl-C", flush=True)
    try:
        while True:
            for server in servers:
                if server.process.poll() is not None:
                    raise DemoError(f"{server.name} ended; {server.last_lines()}")
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("\n== stopping", flush=True)


def main():
    chosen = arguments()
    if chosen.check:
        return
    exit_on_signals()
    DEMO.mkdir(parents=True, exist_ok=True)
    with open(DEMO / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError("another scripts/run is serving already; end it with Ctrl-C first") from None
        demonstrate(chosen)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (DemoError, RuntimeError) as error:
        sys.exit(f"\nerror: {error}")
