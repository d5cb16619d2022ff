"""Workers on three hosts and a replica set over them: a host with the primary on it drops out of the network."""

import os
import time

import pytest

from documents import check_finished, normalized
from hosts import Members, Network
from servers import Server
from service import SLOW, wait_until

ONE_WORKER = {**SLOW, "Cores": {"cpu_cores": 1}}


@pytest.fixture
def network(tmp_path):
    if os.geteuid() != 0:
        pytest.fail("network namespaces need root: run the end-to-end tests as root, or without this file")
    with Network(3) as network:
        yield network


def owners(backend):
    return set(backend.database.ContentJobUnit.distinct("lease.owner", {"kind": "piece", "state": "running"}))


def test_the_loss_of_a_host_and_of_the_primary_changes_nothing(make_backend, videos, network, program, tmp_path):
    alone = make_backend(settings=ONE_WORKER)
    undisturbed = alone.upload(videos.long(), frame_rate=30)
    undisturbed.process()
    assert alone.service.stop() == 0

    with Members(network.hosts, tmp_path) as members:
        # The service is on this machine, one more host; the others share its folders and run a worker each.
        backend = make_backend(settings=ONE_WORKER, mongo_uri=members.uri)
        workers = [Server(f"the worker on {host.name}", host.command(
            program, "work", "--workers", "1", "--config", backend.service.configuration),
            tmp_path / f"work-{host.name}.log") for host in network.hosts]
        try:
            upload = backend.upload(videos.long(), frame_rate=30)
            assert upload.post().status == 202
            wait_until(lambda: len(owners(backend)) >= 3, 60, "workers of several hosts at one video")
            lost = network.hosts[-1]
            assert members.is_primary(lost)
            lost.unplug()
            members.wait_for_primary(*network.hosts[:-1])
            assert len(upload.tasks) < 20, "the run was over before the host was lost"
            assert upload.wait_for_end(seconds=120)["status"] == 1, upload.document
            lost.plug_in()
            # Whatever its worker had in hand must not count any more.
            time.sleep(5)
            check_finished(upload, 20)
            assert normalized(upload) == normalized(undisturbed)
            assert backend.store.keys() == sorted(task["videoPath"] for task in upload.tasks)
            assert backend.service.stop() == 0
        finally:
            for worker in workers:
                worker.stop()
