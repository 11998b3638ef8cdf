"""The demo: a real help desk, the add-on, and a story of tickets opened over HTTP."""
