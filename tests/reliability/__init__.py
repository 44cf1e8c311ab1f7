"""What must survive a kill: real processes, real signals."""
