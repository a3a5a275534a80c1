"""The guarantees of the event flow: outbox and relay, consumer and inbox, parking and replay, the topics themselves."""
