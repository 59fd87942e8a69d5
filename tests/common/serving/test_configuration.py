"""The files that TF Serving is started with, read by the definitions of their formats."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf import wrappers_pb2 as _wrappers  # noqa: F401 - registers the wrapped types
from tensorflow_serving.config import model_server_config_pb2

from common.serving.configuration import MAX_ROWS, batching_config, compose_file, models_config
from common.serving.folder import write_folder
from common.serving.models import find_models
from tests.clients.serving_stand_in import base_paths

_FIELD = descriptor_pb2.FieldDescriptorProto
# Of `BatchingParameters` in session_bundle_config.proto, which no Python package holds.
_PARAMETERS = {
    "max_batch_size": (1, "Int64Value"),
    "batch_timeout_micros": (2, "Int64Value"),
    "max_enqueued_batches": (3, "Int64Value"),
    "num_batch_threads": (4, "Int64Value"),
    "thread_pool_name": (5, "StringValue"),
    "enable_large_batch_splitting": (8, "BoolValue"),
    "max_execution_batch_size": (9, "Int64Value"),
}


def batching_parameters(text: str) -> Any:
    """Reads a text as `BatchingParameters`."""
    file = descriptor_pb2.FileDescriptorProto(
        name="batching_parameters.proto",
        package="copied",
        syntax="proto3",
        dependency=["google/protobuf/wrappers.proto"],
    )
    message = file.message_type.add(name="BatchingParameters")
    for name, (number, kind) in _PARAMETERS.items():
        message.field.add(
            name=name,
            number=number,
            type=_FIELD.TYPE_MESSAGE,
            type_name=f".google.protobuf.{kind}",
            label=_FIELD.LABEL_OPTIONAL,
        )
    message.field.add(
        name="allowed_batch_sizes",
        number=6,
        type=_FIELD.TYPE_INT64,
        label=_FIELD.LABEL_REPEATED,
    )
    message.field.add(
        name="pad_variable_length_inputs",
        number=7,
        type=_FIELD.TYPE_BOOL,
        label=_FIELD.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.Default()
    try:
        found = pool.FindMessageTypeByName("copied.BatchingParameters")
    except KeyError:
        pool.Add(file)
        found = pool.FindMessageTypeByName("copied.BatchingParameters")
    return text_format.Parse(text, message_factory.GetMessageClass(found)())


def test_models_are_listed_with_their_base_paths(small: Path) -> None:
    text = models_config(find_models(small)[0])
    config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    listed = {one.name: one.base_path for one in config.model_config_list.config}
    assert listed == {name: f"/models/{name}" for name in ("pictures", "sounds", "texts")}
    assert {one.model_platform for one in config.model_config_list.config} == {"tensorflow"}


def test_batches_are_never_padded_or_cut() -> None:
    parameters = batching_parameters(batching_config())
    assert parameters.max_batch_size.value == MAX_ROWS
    assert parameters.batch_timeout_micros.value == 0
    assert not parameters.pad_variable_length_inputs
    assert not parameters.enable_large_batch_splitting.value
    # With sizes that are allowed, the last would have to be the largest batch.
    assert list(parameters.allowed_batch_sizes) == []
    with pytest.raises(text_format.ParseError, match="no field named"):
        batching_parameters(batching_config() + "max_batch: 3\n")


def test_the_service_finds_its_files_and_may_not_write_them(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "serving"
    write_folder(folder, find_models(small)[0])
    service = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["serving"]
    assert service["image"].startswith("tensorflow/serving:")
    flags = dict(flag.removeprefix("--").split("=") for flag in service["command"])
    mounts = {mount["target"]: mount for mount in service["volumes"]}
    assert all(mount["type"] == "bind" and mount["read_only"] for mount in mounts.values())
    assert not any(mount["bind"]["create_host_path"] for mount in mounts.values())
    assert set(flags) == {
        "model_config_file",
        "enable_batching",
        "batching_parameters_file",
        "enable_model_warmup",
    }
    for flag in ("model_config_file", "batching_parameters_file"):
        assert (folder / mounts[flags[flag]]["source"]).is_file()
    ports = [port.split("}:")[1] for port in service["ports"]]
    assert ports == ["8500:8500", "8501:8501"]
    for name, path in base_paths(folder).items():
        assert (path / "1" / "saved_model.pb").is_file(), name


def test_the_folder_can_be_moved_with_the_bundles(small: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    shutil.copytree(small, there)
    write_folder(there / "serving", find_models(there)[0])
    moved = there.rename(tmp_path / "elsewhere")
    for name, path in base_paths(moved / "serving").items():
        assert path.resolve() == moved / name / "saved_model"
        assert path.is_dir()


def test_a_path_is_a_path_whatever_stands_in_it(small: Path, tmp_path: Path) -> None:
    bundles = tmp_path / 'a: "b" $HOME é'
    shutil.copytree(small / "texts", bundles / "texts")
    text = compose_file(find_models(bundles)[0], tmp_path / "serving")
    (mount,) = yaml.safe_load(text)["services"]["serving"]["volumes"][2:]
    # Compose makes one dollar of two, and a variable's value of one.
    assert mount["source"] == '../a: "b" $$HOME é/texts/saved_model'
