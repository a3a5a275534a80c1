# shellcheck shell=bash
# Sourced last: the server that starts next inherits none of the passwords that 00-passwords.sh put into the environment.
unset INTAKE_PASSWORD MATCHER_PASSWORD NOTIFIER_PASSWORD
