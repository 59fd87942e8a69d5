"""The version of the project, written into every bundle."""

VERSION = "0.1.0"
