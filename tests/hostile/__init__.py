"""Hostile and broken input: each file ends in good text or in a clear message about it."""
