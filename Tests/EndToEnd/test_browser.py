"""What an annotator sees: a browser that seeks to the middle of frame k shows frame k."""

import random
import subprocess

import pytest

import browser
import numbered


@pytest.mark.parametrize("case, frames, rate", [("b_pyramid", 150, 10), ("variable", 60, 30), ("interlaced", 100, 10)])
def test_a_browser_shows_the_frame_that_it_seeks(program, videos, tmp_path, case, frames, rate):
    video = videos.numbered(case, frames)
    truth, output = videos.truth(video), tmp_path / "out"
    subprocess.run(
        [program, "clips", video, "--rate", str(rate), "--output", output, "--frames-per-task", "1000"],
        cwd=tmp_path, check=True, capture_output=True)
    [clip] = output.glob("*.mp4")
    kept = truth.expect(rate)
    order = list(range(len(kept)))
    random.Random(case).shuffle(order)
    answer = browser.look(
        clip, {"order": order, "rate": rate, "cell": numbered.CELL, "cells": numbered.CELLS}, tmp_path)
    shown = {int(frame): numbered.number_in(level > 127 for level in levels)
             for frame, levels in answer["shown"].items()}
    assert shown == {frame: truth.numbers[index] for frame, index in enumerate(kept)}
    assert answer["size"] == [640, 360]
    assert answer["duration"] == pytest.approx(len(kept) / rate, abs=0.001)
