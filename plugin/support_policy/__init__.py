"""Makes an existing help desk live by a written support policy."""

__version__ = "0.1.0"
