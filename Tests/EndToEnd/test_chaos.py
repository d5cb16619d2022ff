"""The short form of `scripts/chaos`: random kills, pauses and cuts end like an undisturbed run."""

import subprocess
import sys

from conftest import ROOT


def test_rounds_of_random_harm_end_like_an_undisturbed_run(program, tmp_path):
    """Prints the figures; the logs lie in the test's folder."""
    harness = subprocess.run(
        [sys.executable, ROOT / "scripts" / "chaos.d" / "chaos.py", "--program", program, "--rounds", "2", "--seed",
         "20261121", "--videos", "3", "--keep", tmp_path],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=480)
    print(harness.stdout)
    assert harness.returncode == 0, harness.stdout
    assert "kills" in harness.stdout.splitlines()[-1]
