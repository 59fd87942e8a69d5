"""The stand-in's JSON, against the examples in the documentation of TF Serving's REST API."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.clients.serving_json import Refusal, read_request, write_answer

TAGGED: dict[str, Any] = {"tag": object, "signal": np.int32, "sensor": np.float32}


def read(request: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    _, arrays, _ = read_request(json.dumps(request).encode(), lambda signature: types)
    return {name: array.tolist() for name, array in arrays.items()}


def test_one_input_needs_no_name() -> None:
    given = {"instances": ["foo", "bar", "baz"]}
    assert read(given, {"text": object}) == {"text": [b"foo", b"bar", b"baz"]}
    given = {"instances": [[[1, 2]], [[3, 4]]]}  # type: ignore[list-item]
    assert read(given, {"x": np.int32}) == {"x": [[[1, 2]], [[3, 4]]]}
    given = {"instances": [{"b64": "aW1hZ2UgYnl0ZXM="}]}  # type: ignore[list-item]
    assert read(given, {"image_bytes": object}) == {"image_bytes": [b"image bytes"]}


def test_rows_and_columns_are_the_same_request() -> None:
    rows = [
        {"tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]]},
        {"tag": "bar", "signal": [3, 4, 1, 2, 5], "sensor": [[4, 5], [6, 8]]},
    ]
    columns = {
        "tag": ["foo", "bar"],
        "signal": [[1, 2, 3, 4, 5], [3, 4, 1, 2, 5]],
        "sensor": [[[1, 2], [3, 4]], [[4, 5], [6, 8]]],
    }
    found = read({"instances": rows}, TAGGED)
    assert found == read({"inputs": columns}, TAGGED)
    assert found == {**columns, "tag": [b"foo", b"bar"]}


def test_answers_have_the_form_of_the_request() -> None:
    one = {"y": np.array([3.5, 4.0, 5.5], np.float32)}
    assert json.loads(write_answer(one, True)) == {"predictions": [3.5, 4.0, 5.5]}
    assert json.loads(write_answer(one, False)) == {"outputs": [3.5, 4.0, 5.5]}
    two = {
        "label": np.array(["ä".encode(), b"b"], object),
        "out_bytes": np.array([b"image bytes", b""], object),
    }
    rows = [
        {"label": "ä", "out_bytes": {"b64": "aW1hZ2UgYnl0ZXM="}},
        {"label": "b", "out_bytes": {"b64": ""}},
    ]
    assert json.loads(write_answer(two, True)) == {"predictions": rows}
    columns = {name: [row[name] for row in rows] for name in two}
    assert json.loads(write_answer(two, False)) == {"outputs": columns}
    with pytest.raises(Refusal, match="inconsistent batch size"):
        write_answer({**two, "y": np.zeros(3, np.float32)}, True)


def test_a_float_is_printed_with_the_digits_that_give_it_back() -> None:
    values = np.array([0.2, 1.0, 1 / 3, 1e-7], np.float32)
    printed = write_answer({"y": values}, False)
    assert printed == '{"outputs": [0.2, 1.0, 0.333333343, 1e-07]}'
    assert np.array_equal(np.array(json.loads(printed)["outputs"], np.float32), values)


@pytest.mark.parametrize(
    "request_body",
    [
        "no json",
        "[]",
        "{}",
        '{"instances": []}',
        '{"instances": "a"}',
        '{"instances": ["a"], "inputs": ["a"]}',
        '{"instances": [1]}',
        '{"instances": [["a"], ["b", "c"]]}',
        '{"instances": [{"b64": "?"}]}',
        '{"instances": [{"other": "a"}]}',
        '{"instances": ["a", {"text": "b"}]}',
        '{"instances": ["\\ud800"]}',
        '{"inputs": {"other": ["a"]}}',
        '{"signature_name": 1, "instances": ["a"]}',
    ],
)
def test_a_wrong_request_is_refused(request_body: str) -> None:
    with pytest.raises(Refusal):
        read_request(request_body.encode(), lambda signature: {"text": object})


def test_a_whole_number_is_a_float_but_not_the_other_way_round() -> None:
    assert read({"instances": [1, 2.5]}, {"x": np.float32}) == {"x": [1.0, 2.5]}
    for value in (1.0, True, "1"):
        with pytest.raises(Refusal):
            read({"instances": [value]}, {"x": np.int32})
