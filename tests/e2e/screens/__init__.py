"""Pictures of every screen, taken by `python tools/screens.py`; no part of the tests."""
