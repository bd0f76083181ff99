"""The live protocol: events over WebSockets, as docs/live.md promises them."""
