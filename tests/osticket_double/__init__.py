"""A stand-in for an osTicket with the plugin, written from the contract alone: no PHP runs here."""

from tests.osticket_double.double import API_KEY, OLDER_SECRET, SECRET, OsTicketDouble

__all__ = ["API_KEY", "OLDER_SECRET", "SECRET", "OsTicketDouble"]
