"""The usual OpenCV way to thin out a video: read everything, write every n-th picture.

usage: opencv_loop.py VIDEO RATE FOURCC OUTPUT
"""
import sys
from fractions import Fraction

import cv2


def main(video, rate, fourcc, output):
    capture = cv2.VideoCapture(video)
    source_rate = Fraction(capture.get(cv2.CAP_PROP_FPS)).limit_denominator(1001)
    step = max(source_rate / rate, 1)
    writer, number, kept = None, 0, 0
    while True:
        read, picture = capture.read()
        if not read:
            break
        if number >= kept * step:
            if writer is None:
                height, width = picture.shape[:2]
                writer = cv2.VideoWriter(output, cv2.VideoWriter_fourcc(*fourcc), float(rate), (width, height))
            writer.write(picture)
            kept += 1
        number += 1
    writer.release()


if __name__ == "__main__":
    main(sys.argv[1], Fraction(sys.argv[2]), *sys.argv[3:])
