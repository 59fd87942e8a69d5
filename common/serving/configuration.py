"""The files that the official image of TF Serving is started with.

Their formats are those of `ModelServerConfig` and `BatchingParameters`, protocol buffers as text,
and of Compose. Flags and defaults are those in the server's own documentation and `main.cc`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from common.serving.models import Model

GRPC_PORT, REST_PORT = 8500, 8501
MODELS_FILE, BATCHING_FILE, COMPOSE_FILE = "models.config", "batching.config", "compose.yaml"
MAX_ROWS = 128

_MODELS, _CONFIGURATION = "/models", "/configuration"


def models_config(models: Sequence[Model]) -> str:
    """Returns the list of models: names, and base paths in the container."""
    lines = ["# What is served: the bundles that were there. The latest version of each is taken."]
    lines.append("model_config_list {")
    for model in models:
        lines += [
            "  config {",
            f'    name: "{model.name}"',
            f'    base_path: "{_MODELS}/{model.name}"',
            '    model_platform: "tensorflow"',
            "  }",
        ]
    return "\n".join([*lines, "}"]) + "\n"


def batching_config() -> str:
    """Returns how requests are put together."""
    return f"""\
# How requests that arrive together are run together. A batch is begun as soon as a thread is free,
# so that none waits for others that may never come; there is a thread for each core.
max_batch_size {{ value: {MAX_ROWS} }}
batch_timeout_micros {{ value: 0 }}
max_enqueued_batches {{ value: 100 }}
# Must stay false: the server fills short rows up with the first value of their request, which is
# no padding to these models, and the answers would be wrong.
pad_variable_length_inputs: false
# Must stay false: the parts of a request that is cut may get answers of different widths, which the
# server cannot put together again.
enable_large_batch_splitting {{ value: false }}
"""


def compose_file(models: Sequence[Model], folder: Path) -> str:
    """Returns the Compose file.

    Args:
        models: what is served.
        folder: where the file will lie; the bundles are named from there.
    """
    mounts = [
        (f"./{name}", f"{_CONFIGURATION}/{name}") for name in (MODELS_FILE, BATCHING_FILE)
    ] + [(_relative(model.base_path, folder), f"{_MODELS}/{model.name}") for model in models]
    return f"""\
# Start it with: docker compose up
# SERVING_VERSION picks a version of the image. The ports are open to this machine alone, because
# the server asks nobody who he is; SERVING_ADDRESS=0.0.0.0 opens them to the network.
services:
  serving:
    image: "tensorflow/serving:${{SERVING_VERSION:-latest}}"
    command:
      - "--model_config_file={_CONFIGURATION}/{MODELS_FILE}"
      - "--enable_batching=true"
      - "--batching_parameters_file={_CONFIGURATION}/{BATCHING_FILE}"
      # Runs the requests that every bundle brings along, so that the first user does not wait.
      - "--enable_model_warmup=true"
    ports:
      - "${{SERVING_ADDRESS:-127.0.0.1}}:{GRPC_PORT}:{GRPC_PORT}"
      - "${{SERVING_ADDRESS:-127.0.0.1}}:{REST_PORT}:{REST_PORT}"
    volumes:
{"".join(_mount(source, target) for source, target in mounts)}"""


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _mount(source: str, target: str) -> str:
    """Mounts read-only; a source that is not there is an error, not a folder made in its place."""
    quoted = json.dumps(source.replace("$", "$$"), ensure_ascii=False)
    return f"""\
      - type: bind
        source: {quoted}
        target: "{target}"
        read_only: true
        bind:
          create_host_path: false
"""
