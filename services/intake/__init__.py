"""Intake: the only public door. It owns requests, volunteers and replies, and what they said, sealed."""
