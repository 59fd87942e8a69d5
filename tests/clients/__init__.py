"""The exported files at work in clients that nobody here wrote: `make test-clients`."""
