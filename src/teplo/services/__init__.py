"""Use cases: where domain, storage and channels meet. One use case, one transaction."""
