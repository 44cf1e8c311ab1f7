"""Channels: how contacts reach the centre and how their media flow."""
