"""What an operator can see of a process: logs, metrics, health. None of it names a person or repeats their words."""
