"""Voice: SIP signalling, audio, the browser's leg and the spoken prompts."""
