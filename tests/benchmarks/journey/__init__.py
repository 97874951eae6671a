"""The app in its real window, from the click to the paint."""
