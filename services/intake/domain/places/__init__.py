"""How places are compared: from a text to words, to the organisations it names, to the marks by which two may meet."""
