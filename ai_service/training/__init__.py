"""Makes the coefficients of the trained score; no part of the running app."""
