"""The browser's side of a call: ICE-lite, DTLS-SRTP and one leg for each browser (RFC 8445, 5764, 8827)."""
