"""What the database is asked in normal work: no query without an index, and few questions."""

from service import wait_until

COLLECTIONS = ("Content", "Annotation")


def profiled(database, work):
    """The operations on collections of the product while `work` runs."""
    database.command("profile", 0)
    database.drop_collection("system.profile")
    database.create_collection("system.profile", capped=True, size=64 << 20)
    database.command("profile", 2)
    work()
    database.command("profile", 0)
    names = tuple(f"{database.name}.{prefix}" for prefix in COLLECTIONS)
    return [entry for entry in database["system.profile"].find() if entry["ns"].startswith(names)]


def scans(operations):
    """Operations that read whole collections, by collection and what they look for."""
    return sorted({
        f"{entry['ns']}: {entry['command'].get('filter') or entry['command'].get('q') or entry['command']}"
        for entry in operations if "COLLSCAN" in entry.get("planSummary", "")})


def test_no_query_of_a_job_reads_a_whole_collection(make_backend, videos):
    backend = make_backend(settings={"AutoAnnotation.1": {"engine": "motion"}})
    # The first job makes the indexes.
    backend.upload(videos.numbered("plain"), frame_rate=5).process()

    def work():
        upload = backend.upload(videos.long(), frame_rate=5)
        upload.fields |= {"request_type": 1, "auto_anno_version": 1}
        upload.process()
        upload.post()
        cancelled = backend.upload(videos.long(), frame_rate=30)
        job = cancelled.post().json["job_id"]
        backend.service.get("/api/jobs")
        backend.service.get(f"/api/jobs/{job}")
        backend.service.delete(f"/api/jobs/{job}")
        wait_until(lambda: cancelled.document["status"] == 2, 20, "the end of a cancelled job")
        backend.service.kill()
        backend.service.start()

    found = scans(profiled(backend.database, work))
    assert not found, "\n".join(found)
