"""Simulated subscribers and agents. They stand outside: HTTP and WebSocket only, like a widget and like a desk.

`subscriber.SubscriberClient` and `desk.DeskClient` are also the hands of integration tests and load benchmarks.
"""
