"""The notifier: who was told what, by which channel, and whether it arrived.

The way of a notice through the rooms: `handlers` keep what was announced (`storage.projections`) and make what it
makes due (`domain.notices`) a delivery (`storage.deliveries`). `sending` claims deliveries that are due and still
relevant (`claims`, `domain.relevance`), opens the address and renders the notice (`attempts`, `rendering`), hands it to
the `gateway` of its channel, and writes down the result (`sender`; `domain.retry` says when to try again), which is
announced. `bootstrap` puts it together.
"""
