"""Pure rules of the contact centre: standard library only, no I/O, no clock, no randomness."""
