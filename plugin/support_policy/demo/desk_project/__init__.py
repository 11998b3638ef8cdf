"""A minimal django-helpdesk installation: the real help desk of the demo and the tests."""
