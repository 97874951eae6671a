"""The AI service: a process of its own that judges answers, offline or with a server the person chose."""
