"""The library as Python sees it: its C interface, and what stands directly on it. Nothing here knows torch."""
