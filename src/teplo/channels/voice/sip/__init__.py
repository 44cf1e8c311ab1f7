"""SIP (RFC 3261): messages, transactions, dialogs and sessions without I/O; the endpoint gives them sockets."""
