"""What holds for all tests: how hypothesis looks for examples."""

from __future__ import annotations

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
