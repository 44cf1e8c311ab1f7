"""HTTP and WebSocket: one file a resource; the only place that speaks HTTP to our users."""
