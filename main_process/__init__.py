"""The process that owns the data and starts the others."""
