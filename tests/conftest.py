"""What holds for all tests: how examples are looked for, and that no key ring is touched."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "app",
    # Real files and sockets take as long as they take.
    deadline=None,
    max_examples=50,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("app")

# No test comes near the key ring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
