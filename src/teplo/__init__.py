"""Teplo: a contact-centre platform for mobile operators."""

__version__ = "0.1.0"
