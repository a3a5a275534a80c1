-- The three roles, needed on every PostgreSQL server of the house. For psql as a superuser; may be run again.
-- Passwords come from INTAKE_PASSWORD, MATCHER_PASSWORD and NOTIFIER_PASSWORD in psql's environment.
\set ON_ERROR_STOP on

-- A server's log repeats neither statements that fail nor the values that made them fail (they may be sealed or hashed
-- forms of what a person said), and not the passwords below.
ALTER SYSTEM SET log_min_error_statement = 'panic';
ALTER SYSTEM SET log_error_verbosity = 'terse';
SELECT pg_reload_conf() \g /dev/null

\getenv intake_password INTAKE_PASSWORD
\getenv matcher_password MATCHER_PASSWORD
\getenv notifier_password NOTIFIER_PASSWORD

SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY['intake', 'matcher', 'notifier']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE intake LOGIN PASSWORD :'intake_password';
ALTER ROLE matcher LOGIN PASSWORD :'matcher_password';
ALTER ROLE notifier LOGIN PASSWORD :'notifier_password';

REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
