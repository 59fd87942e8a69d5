"""The table itself."""

from __future__ import annotations

from tests.clients.agreement import Agreement, as_markdown


def test_every_verdict_stands_in_the_table_once() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.agrees("voice", "int8", "MediaPipe", "8 inputs, 1e-6")
    agreement.cannot("sentiment", "loop", "MediaPipe", "single subgraph only")
    agreement.differs("captioning", "int8", "OpenVINO", "1 of 8")
    assert as_markdown(agreement.verdicts).splitlines()[2:] == [
        "| captioning | int8 | OpenVINO | differs: 1 of 8 |",
        "| sentiment | loop | MediaPipe | cannot: single subgraph only |",
        "| voice | int8 | MediaPipe | agrees: 8 inputs, 1e-6 |",
    ]
