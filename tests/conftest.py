"""Which tests go to one worker when several run at a time."""

from __future__ import annotations

import pytest

# Made once in a worker, by training or exporting: half a minute each.
_MADE_ONCE = {"trained", "exported"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps a file together, and the files of a folder that share what is made once."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        shared = _MADE_ONCE & {*getattr(item, "fixturenames", ())}
        place = item.path.parent if shared else item.path
        item.add_marker(pytest.mark.xdist_group(str(place)))
