"""A headless Chromium that opens a page and gives what the page tells; one page tells the frames of a clip."""

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 120
"""Seconds within which a browser on a busy machine starts and has gone through a clip."""

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>clip</title><body>
<script>
const task = TASK;

async function tell(answer) {
  await fetch("/answer", {method: "POST", body: JSON.stringify(answer)});
}

function happens(target, name) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, {once: true});
    target.addEventListener("error", () => reject(new Error(`${name}: ${target.error?.message}`)), {once: true});
  });
}

// Brightness in the middle of each cell of the strip, 0 to 255.
function strip(context) {
  const row = context.getImageData(0, task.cell / 2, task.cell * task.cells, 1).data;
  return Array.from({length: task.cells}, (_, cell) => row[4 * (cell * task.cell + task.cell / 2)]);
}

async function look() {
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  // From memory, so that seeking needs no server that sends parts of files.
  video.src = URL.createObjectURL(await (await fetch("/clip.mp4")).blob());
  await happens(video, "loadeddata");
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d", {willReadFrequently: true});
  const shown = {};
  for (const frame of task.order) {
    const seeked = happens(video, "seeked");
    // The event alone may come before the picture does.
    const presented = new Promise(resolve => video.requestVideoFrameCallback(resolve));
    video.currentTime = (frame + 0.5) / task.rate;
    await Promise.all([seeked, presented]);
    context.drawImage(video, 0, 0);
    shown[frame] = strip(context);
  }
  return {shown, duration: video.duration, size: [video.videoWidth, video.videoHeight]};
}

look().then(tell, error => tell({error: String(error)}));
</script>
"""


def look(clip, task, folder):
    """What the browser shows of a clip.

    `task` says what to look at: `order` of frames (from 0), `rate`, `cell` and `cells` of the strip. The answer holds
    `shown` (brightness of the cells by frame, as text), `duration` and `size`. `folder` is for the browser's own files.
    """
    files = {"/": ("text/html", PAGE.replace("TASK", json.dumps(task)).encode()),
             "/clip.mp4": ("video/mp4", clip.read_bytes())}
    return visit(files, folder)


def visit(files, folder, port=0):
    """What the page `/` posts to `/answer` as JSON. `files` are content types and bytes by path."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed; scripts/setup tests installs it, or: apt-get install chromium"
    answers = queue.Queue()
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(files, answers))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log = folder / "chromium.log"
    with open(log, "w") as output:
        browser = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={folder / 'profile'}", f"http://127.0.0.1:{server.server_port}/"],
            stdout=output, stderr=output, start_new_session=True)
    try:
        answer = answers.get(timeout=PATIENCE)
    except queue.Empty:
        raise AssertionError(f"the browser gave no answer: {log.read_text()[-2000:]}") from None
    finally:
        # It has processes of its own, all in this session.
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        server.shutdown()
        server.server_close()
    assert "error" not in answer, answer["error"]
    return answer


def handler(files, answers):
    """Serves the files, and takes the answer."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path in files:
                self.send(*files[self.path])
            else:
                self.send_error(404)

        def do_POST(self):
            answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send("text/plain", b"")

        def send(self, content_type, body):
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Requests are not worth a line."""

    return Handler
