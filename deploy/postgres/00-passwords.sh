# shellcheck shell=bash
# Sourced by the image's entry point at the first start (it is not executable, and must not be): puts the passwords of the
# services' roles, mounted as secrets, where the SQL files beside this one read them.
for role in intake matcher notifier; do
  export "${role^^}_PASSWORD=$(< "/run/secrets/${role}_password")"
done
