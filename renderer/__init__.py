"""The renderer process: the window, the server of its page, and the data service behind it."""
