"""Settings, root URLs and the WSGI entry."""
