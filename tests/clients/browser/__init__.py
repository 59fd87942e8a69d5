"""Exported files at work in a real browser, by runtimes from npm, without a network."""

from pathlib import Path

HERE = Path(__file__).parent
