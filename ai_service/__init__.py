"""The AI service: a process of its own that judges answers, offline or with an AI server."""
