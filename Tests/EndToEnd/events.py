"""Server-sent events read from a plain connection, and jobs that stand in the database for somebody to watch."""

import http.client
import json
from datetime import datetime, timezone

from bson import ObjectId

from service import API_KEY

KEY = {"X-API-Key": API_KEY}


class Stream:
    """One stream of events, block by block."""

    def __init__(self, service, path, headers=(), timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=timeout)
        self.connection.request("GET", path, headers=dict(headers))
        self.answer = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.answer.close()
        self.connection.close()

    @property
    def status(self):
        return self.answer.status

    def block(self):
        """The next block's fields by name, a comment's under ""; None at the end of the stream."""
        assert self.status == 200, self.answer.read()
        fields = {}
        while line := self.answer.readline().decode():
            if line == "\n":
                return fields
            name, _, value = line.rstrip("\n").partition(":")
            fields[name] = value.removeprefix(" ")
        assert not fields, "the stream ended within a block"
        return None

    def message(self):
        """The next block with data, its `data` read as JSON; None at the end of the stream."""
        while (block := self.block()) is not None:
            if "data" in block:
                return {**block, "data": json.loads(block["data"])}
        return None


class PlantedJob:
    """A job that no worker can take; the test says how far it is."""

    def __init__(self, backend, state="running", frames=100, pieces=2, **document):
        now = datetime.now(timezone.utc)
        self.database, self.id = backend.database, document.pop("_id", ObjectId())
        self.database.ContentJob.insert_one({
            "_id": self.id, "kind": "processContent", "state": state, "uploadId": ObjectId(), "projectId": ObjectId(),
            "runNumber": 1, "fence": 0, "announced": False, "dates": {"created": now, "processing": now},
            "plan": {"pieceCount": pieces, "frameCount": frames, "sourceFrameCount": frames}, **document})
        self.database.ContentJobUnit.insert_many(
            {"_id": ObjectId(), "jobId": self.id, "kind": "piece", "piece": piece, "state": "running", "framesDone": 0}
            for piece in range(pieces))

    @property
    def path(self):
        return f"/api/jobs/{self.id}/events"

    def advance(self, frames, piece=0, **fields):
        self.database.ContentJobUnit.update_one(
            {"jobId": self.id, "piece": piece}, {"$set": {"framesDone": frames, **fields}})

    def end(self, state="succeeded"):
        self.database.ContentJob.update_one({"_id": self.id}, {"$set": {"state": state}})
