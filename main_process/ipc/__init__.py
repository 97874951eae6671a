"""The main process's side of the socket: frames, limits, and exceptions turned into codes."""
