"""The policy applied: pure functions and values; no HTTP, no database, no environment, no clock."""
