"""Statements in, structs out: one repository for each noun, inside the caller's transaction."""
