"""A small inference server that speaks KServe's Open Inference Protocol v2 over REST and runs a model by OpenVINO.

usage: kserve.py PORT MODEL [--plain] [--misbehave FILE]    the test writes into FILE what the next answers shall be
"""

import argparse
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "work" / "tools" / "openvino"))
import openvino  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("port", type=int)
arguments.add_argument("model")
arguments.add_argument("--plain", action="store_true", help="numbers in JSON only")
arguments.add_argument("--misbehave", type=Path)
options = arguments.parse_args()
model = openvino.Core().compile_model(options.model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
METADATA = {
    "name": "shapes", "platform": "openvino",
    "inputs": [{"name": "images", "datatype": "FP32", "shape": [-1, 3, 320, 320]}],
    "outputs": [{"name": "output0", "datatype": "FP32", "shape": [-1, 7, 2100]}]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **dict(headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/v2":
            extensions = [] if options.plain else ["binary_tensor_data"]
            return self.answer(200, {"name": "test", "version": "1", "extensions": extensions})
        if self.path in ("/v2/health/ready", "/v2/health/live", "/v2/models/shapes/ready"):
            return self.answer(200, {})
        if self.path == "/v2/models/shapes":
            return self.answer(200, METADATA)
        return self.answer(404, {"error": f"unknown {self.path}"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        harm = options.misbehave.read_text().strip() if options.misbehave and options.misbehave.exists() else ""
        if harm == "nonsense":
            return self.answer(200, b"<html>It works!</html>")
        if harm == "error":
            return self.answer(500, {"error": "out of memory"})
        if harm == "shape":
            return self.answer(200, {"outputs": [
                {"name": "output0", "datatype": "FP32", "shape": [1, 7, 2100], "data": [1.0, 2.0]}]})
        if harm == "silence":
            time.sleep(600)
        split = int(self.headers.get("Inference-Header-Content-Length", len(body)))
        request = json.loads(body[:split])
        tensor = request["inputs"][0]
        if split < len(body):
            values = numpy.frombuffer(body[split:], "<f4")
        else:
            values = numpy.array(tensor["data"], "f4")
        output = model([values.reshape(tensor["shape"])])[0]
        described = {"name": "output0", "datatype": "FP32", "shape": list(output.shape)}
        if split < len(body):
            data = output.astype("<f4").tobytes()
            head = json.dumps({"outputs": [{**described, "parameters": {"binary_data_size": len(data)}}]}).encode()
            return self.answer(200, head + data, {"Inference-Header-Content-Length": str(len(head))})
        return self.answer(200, {"outputs": [{**described, "data": output.ravel().tolist()}]})


ThreadingHTTPServer(("127.0.0.1", options.port), Handler).serve_forever()
