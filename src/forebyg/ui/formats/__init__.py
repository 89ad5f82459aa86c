"""Formats of dates, times and numbers, one package for each language (Django's FORMAT_MODULE_PATH)."""
