"""Lets pytest explain the assertions of the harness."""

import pytest

pytest.register_assert_rewrite(
    "tests.common.data.caption_case",
    "tests.common.data.data_case",
    "tests.common.data.parallel_case",
)
