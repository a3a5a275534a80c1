-- The vault's database: intake owns it; matcher and notifier may connect, and read only the views that its migrations
-- grant them. For psql as a superuser; may be run again. In compose it lives on a server of its own.
\set ON_ERROR_STOP on

SELECT 'CREATE DATABASE vault OWNER intake'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'vault') \gexec

REVOKE ALL ON DATABASE vault FROM PUBLIC;
GRANT CONNECT ON DATABASE vault TO matcher, notifier;
