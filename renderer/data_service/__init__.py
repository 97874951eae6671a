"""The data service: what the page may ask, and the ways to an answer."""
