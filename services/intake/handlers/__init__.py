"""One function per command and per event: load, lock, decide, save and announce, all in the transaction given.

A handler never commits and never waits. What has to happen before its transaction (data keys are minted) or after it
(keys are destroyed, an outcome is waited for) is the desks' work.
"""
