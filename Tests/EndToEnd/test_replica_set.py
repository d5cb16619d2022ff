"""A replica set of three: the primary steps down and another is killed in mid-run, and nothing is lost."""

import pytest

from documents import check_finished, normalized
from servers import ReplicaSet
from service import SLOW


@pytest.fixture(scope="module")
def backend(make_backend, tmp_path_factory):
    with ReplicaSet(tmp_path_factory.mktemp("replica-set")) as members:
        backend = make_backend(mongo_uri=members.uri, settings=SLOW)
        backend.members = members
        yield backend
        assert backend.service.stop() == 0


@pytest.fixture(scope="module")
def undisturbed(backend, videos):
    upload = backend.upload(videos.long(), frame_rate=30)
    upload.process()
    return normalized(upload)


def step_down(members):
    """An orderly change, as for maintenance."""
    old = members.step_down()
    assert members.wait_for_primary() != old


def kill_primary(members):
    """The two that are left elect another; the dead one comes back later and catches up."""
    old = members.wait_for_primary()
    members.kill_member(old)
    assert members.wait_for_primary() != old
    members.start_member(old)


@pytest.mark.parametrize("harm", [step_down, kill_primary])
def test_a_change_of_primary_in_mid_run_loses_nothing(backend, undisturbed, videos, harm):
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(2)
    harm(backend.members)
    assert len(upload.tasks) < 20, "the run was over before the harm was done"
    assert upload.wait_for_end(seconds=120)["status"] == 1, upload.document
    check_finished(upload, 20)
    assert normalized(upload) == undisturbed
