"""django-helpdesk: a help desk of the Django world, served over its REST API."""
