"""Reads what everybody sees while the harm goes on, and notes every lie."""

import threading
import time
from datetime import datetime, timezone

import pymongo

from plant import LEASE_SECONDS

PATIENCE = 30
"""Seconds without any fault after which a job that says `running` must be worked on."""


class TruthWatcher(threading.Thread):
    """Polls uploads and jobs until `stop`.

    Reads are causally consistent and confirmed by a majority, so that what it sees can only go forward.
    """

    def __init__(self, plant, uploads):
        super().__init__(daemon=True)
        self.plant, self.uploads = plant, uploads
        self.lies, self.looks = set(), 0
        self.calm_since = None
        """Since when no fault is in place, None while there are some."""
        self._progress, self._ended, self._seen = {}, set(), set()
        self._idle_since = {}
        self._stopping = threading.Event()
        client = plant.client
        self._session = client.start_session(causal_consistency=True)
        self._database = client.get_database("chaos", read_concern=pymongo.read_concern.ReadConcern("majority"))

    def stop(self):
        self._stopping.set()
        self.join()
        self._session.end_session()

    def run(self):
        while not self._stopping.wait(0.2):
            try:
                self._look()
                self.looks += 1
            except pymongo.errors.PyMongoError:
                continue  # No primary just now.

    def _look(self):
        ids = [upload.id for upload in self.uploads]
        for document in self._find("AnnotationContentUpload", {"_id": {"$in": ids}}):
            self._check_upload(document)
        for task in self._find("AnnotationTask", {"uploadId": {"$in": ids}, "_id": {"$nin": list(self._seen)}}):
            self._check_task(task)
        for job in self._find("ContentJob", {"uploadId": {"$in": ids}}):
            self._check_job(job)

    def _find(self, collection, query):
        return list(self._database[collection].find(query, session=self._session))

    def _check_upload(self, document):
        name, progress, status = document["_id"], document["progress"], document["status"]
        if (progress == 100) != (status == 1):
            self.lies.add(f"upload {name}: progress {progress} with status {status}")
        if ("finishedAt" in document) != (status in (1, 2)):
            self.lies.add(f"upload {name}: status {status}, and finishedAt is {document.get('finishedAt')}")
        if progress < self._progress.get(name, 0):
            self.lies.add(f"upload {name}: progress fell from {self._progress[name]} to {progress}")
        if name in self._ended and status != 1:
            self.lies.add(f"upload {name}: status {status} after 1")
        if status == 1:
            self._ended.add(name)
        self._progress[name] = progress

    def _check_task(self, task):
        """A visible task is whole: its clip and every frame are there."""
        self._seen.add(task["_id"])
        if not self.plant.store.path(task["videoPath"]).is_file():
            self.lies.add(f"{task['taskName']}: visible without its clip")
        frames = len(self._find("AnnotationFrame", {"taskId": task["_id"]}))
        if frames != task["frameCount"]:
            self.lies.add(f"{task['taskName']}: visible with {frames} of {task['frameCount']} frames")

    def _check_job(self, job):
        """`running` means that somebody holds a lease, or will soon when nothing is in the way."""
        now = datetime.now(timezone.utc)
        units = self._find("ContentJobUnit", {"jobId": job["_id"], "state": "running"})
        for unit in units:
            ahead = (unit["lease"]["until"] - now).total_seconds()
            if ahead > LEASE_SECONDS + 1:
                self.lies.add(f"unit {unit['_id']}: a lease of {ahead:.1f} seconds")
        is_idle = job["state"] == "running" and not any(unit["lease"]["until"] > now for unit in units)
        if not is_idle or self.calm_since is None:
            self._idle_since.pop(job["_id"], None)
            return
        since = self._idle_since.setdefault(job["_id"], time.monotonic())
        if time.monotonic() - since > PATIENCE:
            self.lies.add(f"job {job['_id']}: says running, and nobody has worked on it for {PATIENCE} seconds")
