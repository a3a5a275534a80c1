"""One function per use case.

A command takes `intake` and opens the one transaction in which it loads, locks, decides, saves and announces. What
cannot happen in there stands around it: data keys are made before, unless only the transaction tells whether one is
needed (the vault stores a key at once); erased keys are destroyed after; and the matcher's judgement is awaited with no
connection held. A reaction to an event or to a due row is given its transaction.
"""
