"""Statements in, structs out: one repository for each noun, each call inside a caller's transaction."""
