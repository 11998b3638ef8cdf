"""How gunicorn runs the demo's help desk; names a version does not know are ignored by it."""

from __future__ import annotations

worker_class = "gthread"
workers = 1
threads = 4
loglevel = "warning"
timeout = 60
graceful_timeout = 3
# Otherwise every gunicorn of this user shares one socket file in the home folder.
control_socket_disable = True
