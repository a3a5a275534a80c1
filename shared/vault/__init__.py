"""The vault: what people say is sealed under keys that can be destroyed, and these are the tools for it."""
