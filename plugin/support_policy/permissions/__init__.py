"""Asks customers for permission, takes their answers, and keeps the work within them."""

from support_policy.permissions.answers import Permissions, Shown, Trace
from support_policy.permissions.attend import Attendance
from support_policy.permissions.work import Work, WorkShown

__all__ = ["Attendance", "Permissions", "Shown", "Trace", "Work", "WorkShown"]
