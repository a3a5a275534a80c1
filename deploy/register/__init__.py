"""The operator's register: made from public ones, checked, and asked why two texts meet."""
