"""From a delivery that is due to a message that has left: claim, compose, try, mark."""
