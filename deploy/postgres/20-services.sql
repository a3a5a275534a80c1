-- One database per service, owned by its role, closed to every other. For psql as a superuser; may be run again.
\set ON_ERROR_STOP on

SELECT format('CREATE DATABASE %I OWNER %I', role, role) FROM unnest(ARRAY['intake', 'matcher', 'notifier']) AS role
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = role) \gexec

REVOKE ALL ON DATABASE intake, matcher, notifier FROM PUBLIC;
