"""The notifier: who was told what, by which channel, and whether it arrived.

The way of a notice through the rooms: `handlers` keep what was announced (`storage.copies`) and make what it makes due
(`domain.notices`) a delivery (`storage.deliveries`); `sending` claims deliveries that are due and still true
(`domain.truth`), opens the address, has `composing` and `rendering` write the message, hands it to the `gateway`, and
marks what became of it (`domain.retry` says when to try again), which is announced. `bootstrap` puts it together.
"""
