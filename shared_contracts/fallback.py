"""The way over HTTP: the addresses on 127.0.0.1 that both ends agree on.

A channel is asked by POST with its payload as body and answered with its data, or with a problem
document. Events come as server-sent events, each `data:` one of them as JSON.
"""

CHANNEL_PATH = "/v1/channels/"
"""And the channel's name after it."""
EVENTS_PATH = "/v1/events"
EVENT_PREFIX = "data: "
