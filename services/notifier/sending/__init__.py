"""From a delivery that is due to a notice that has left: claim, render, try, write down."""
