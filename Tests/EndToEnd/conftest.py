"""Fixtures: a mongod and an S3 server for the session, numbered videos, and services on demand."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pymongo
import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import numbered  # noqa: E402
from backend import Backend  # noqa: E402
from servers import Mongod, S3Server  # noqa: E402
from service import SLOW, Service  # noqa: E402
from stores import DirectoryStore, S3Store  # noqa: E402


def pytest_addoption(parser):
    parser.addoption(
        "--program", type=Path, default=ROOT / ".build" / "debug" / "content-processor", help="the service to test")
    parser.addoption(
        "--dataset-program", type=Path, default=ROOT / ".build" / "debug" / "dataset_processor",
        help="the dataset command to test")


@pytest.fixture(scope="session")
def program(request):
    path = request.config.getoption("--program")
    assert path.is_file(), f"{path} is missing; build it with: swift build --product content-processor"
    return path


@pytest.fixture(scope="session")
def dataset_program(request):
    path = request.config.getoption("--dataset-program")
    assert path.is_file(), f"{path} is missing; build it with: swift build --product dataset_processor"
    return path


@pytest.fixture(scope="session")
def mongod(tmp_path_factory):
    with Mongod(tmp_path_factory.mktemp("mongod"), logs_operations=True) as server:
        yield server
    found = whole_collection_reads(server.log)
    assert not found, "queries of the service without an index:\n" + "\n".join(found)


def whole_collection_reads(log):
    """What the service asked that made the server read a whole collection, by collection and question.

    Questions before the service has made its indexes do not count, nor those for everything in a small collection.
    """
    found, indexed = set(), set()
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if "COLLSCAN" not in line and "createIndexes" not in line:
                continue
            # A line without a collection is none of a question.
            entry = json.loads(line).get("attr", {})
            database, _, collection = entry.get("ns", "").partition(".")
            command = entry.get("command", {})
            # The last collection that the service makes indexes of (MongoStore/Schema.swift).
            if collection and command.get("createIndexes") == "AnnotationDatasetVersion":
                indexed.add(database)
            question = command.get("filter") or command.get("q") or command.get("query") or command.get("pipeline")
            if ("COLLSCAN" in entry.get("planSummary", "") and entry.get("appName") == "content-processor"
                    and database in indexed and question):
                found.add(f"{collection}: {json.dumps(question)[:300]}")
    return sorted(found)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def make_backend(program, mongod, request, tmp_path_factory):
    """Makes a backend with a service, database and store of its own; the service is ready unless `start` is false.

    `settings` are sections of config.cfg that change or add keys, `store` is "directory", "s3" or a store of the test's.
    """
    services, numbers = [], itertools.count()
    client = pymongo.MongoClient(mongod.uri, tz_aware=True)

    def make(store="directory", settings=(), start=True, mongo_uri=mongod.uri):
        name = f"test_{next(numbers)}"
        folder = tmp_path_factory.mktemp(name)
        if not isinstance(store, str):
            objects = store
        elif store == "s3":
            objects = S3Store(request.getfixturevalue("s3_server"), name.replace("_", "-"))
        else:
            objects = DirectoryStore(folder / "objects")
        service = Service(program, folder, mongo_uri, name, objects.settings, settings)
        services.append(service)
        if start:
            service.start()
        own = mongo_uri != mongod.uri
        return Backend(service, objects, (pymongo.MongoClient(mongo_uri, tz_aware=True) if own else client)[name])

    yield make
    for service in services:
        service.stop()


@pytest.fixture(scope="module")
def backend(make_backend):
    """A backend with a running service and the directory store, shared by the tests of a module."""
    backend = make_backend()
    yield backend
    assert backend.service.stop() == 0


class Videos:
    """Videos made once and kept for the session."""

    def __init__(self, folder):
        self.folder, self.truths = folder, {}

    def numbered(self, case, frames=60):
        """The path of a video with burnt-in frame numbers; see `truth`."""
        path = self.folder / f"{case}-{frames}.{numbered.CASES[case].extension}"
        if path not in self.truths:
            self.truths[path] = numbered.make(path, case, frames)
        return path

    def truth(self, path):
        return self.truths[path]

    def long(self):
        """300 frames in 20 clips at 30 frames per second: with the settings `SLOW` work for some seconds."""
        path = self.folder / "long.mp4"
        if not path.exists():
            subprocess.run(
                ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30:duration=10",
                 "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path], check=True)
        return path


@pytest.fixture(scope="session")
def videos(tmp_path_factory):
    return Videos(tmp_path_factory.mktemp("videos"))


@pytest.fixture(scope="module")
def slow_backend(make_backend):
    """A backend whose service needs some seconds for `videos.long()`."""
    backend = make_backend(settings=SLOW)
    yield backend
    assert backend.service.stop() == 0
