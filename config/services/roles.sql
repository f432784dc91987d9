-- The one truth about roles, for the embedded server and for production. Run by psql as a superuser, any number of
-- times; the passwords come from the environment, never from arguments.
\getenv owner_password GOODWORD_OWNER_PASSWORD
\getenv app_password GOODWORD_APP_PASSWORD

SELECT 'CREATE ROLE goodword_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'goodword_owner') \gexec
SELECT 'CREATE ROLE goodword_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'goodword_app') \gexec
-- CREATEDB: the owner makes the test databases.
ALTER ROLE goodword_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
-- The role that serves: neither owner nor superuser, or row-level security falls silently.
ALTER ROLE goodword_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOINHERIT PASSWORD :'app_password';

-- Into template1, so that the databases made from it later (test databases too) begin with the same walls.
\connect template1
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO goodword_app;
ALTER DEFAULT PRIVILEGES FOR ROLE goodword_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO goodword_app;
ALTER DEFAULT PRIVILEGES FOR ROLE goodword_owner GRANT USAGE ON SEQUENCES TO goodword_app;
ALTER DEFAULT PRIVILEGES FOR ROLE goodword_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE goodword_owner GRANT EXECUTE ON FUNCTIONS TO goodword_app;

\connect postgres
SELECT 'CREATE DATABASE goodword OWNER goodword_owner TEMPLATE template1'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'goodword') \gexec
