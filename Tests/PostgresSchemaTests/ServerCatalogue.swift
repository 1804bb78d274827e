/// What a server says of the objects of a database: one line a fact, `object|fact|value`, so that two catalogues can
/// be compared as sets. Expressions are left out: the server prints them anew.
enum ServerCatalogue {
  /// Every fact of the database, in the words that ``OracleTests`` use for the replayed catalogue too.
  static let query = """
    SET search_path = pg_catalog;
    CREATE FUNCTION pg_temp.acl(list aclitem[]) RETURNS text LANGUAGE sql AS $$
      SELECT coalesce(string_agg(who || ':' || rights, ' ' ORDER BY who COLLATE "C"), 'none') FROM (
        SELECT coalesce(r.rolname, 'PUBLIC') AS who,
          string_agg(DISTINCT e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ',') AS rights
        FROM aclexplode(list) e LEFT JOIN pg_authid r ON r.oid = e.grantee GROUP BY 1) entries $$;
    CREATE FUNCTION pg_temp.here(ns oid) RETURNS boolean LANGUAGE sql AS $$
      SELECT nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' FROM pg_namespace WHERE oid = ns $$;
    CREATE FUNCTION pg_temp.own(class regclass, object oid) RETURNS boolean LANGUAGE sql AS $$
      SELECT NOT EXISTS (SELECT FROM pg_depend
        WHERE classid = class AND objid = object AND (deptype = 'e' OR deptype = 'i' AND class = 'pg_proc'::regclass)) $$;
    CREATE TEMP TABLE relation AS
      SELECT c.*, n.nspname || '.' || c.relname AS label FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE pg_temp.here(n.oid) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_temp.own('pg_class', c.oid);
    WITH facts (object, fact, value) AS (
      SELECT 'schema ' || nspname, 'owner', pg_get_userbyid(nspowner)::text FROM pg_namespace n
        WHERE pg_temp.here(oid) AND pg_temp.own('pg_namespace', oid)
      UNION ALL SELECT 'schema ' || nspname, 'acl', pg_temp.acl(nspacl) FROM pg_namespace n
        WHERE pg_temp.here(oid) AND nspacl IS NOT NULL AND pg_temp.own('pg_namespace', oid)
      UNION ALL SELECT 'schema ' || nspname, 'comment', obj_description(oid, 'pg_namespace') FROM pg_namespace
        WHERE pg_temp.here(oid)
      UNION ALL SELECT 'role ' || rolname, f.fact, f.value FROM pg_roles r, LATERAL (VALUES
          ('superuser', rolsuper::text), ('inherit', rolinherit::text), ('createrole', rolcreaterole::text),
          ('createdb', rolcreatedb::text), ('login', rolcanlogin::text), ('replication', rolreplication::text),
          ('bypassrls', rolbypassrls::text), ('connlimit', rolconnlimit::text),
          ('comment', shobj_description(r.oid, 'pg_authid'))) f (fact, value)
        WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> 'postgres'
      UNION ALL SELECT 'role ' || pg_get_userbyid(member), 'member of ' || pg_get_userbyid(roleid),
          admin_option::text FROM pg_auth_members WHERE pg_get_userbyid(member) NOT LIKE 'pg\\_%'
      UNION ALL SELECT 'role ' || pg_get_userbyid(setrole), 'setting', setting
        FROM pg_db_role_setting, unnest(setconfig) setting WHERE setrole <> 0
      UNION ALL SELECT 'extension ' || extname, 'schema', extnamespace::regnamespace::text FROM pg_extension
        WHERE extname <> 'plpgsql'
      UNION ALL SELECT 'relation ' || label, f.fact, f.value FROM relation r, LATERAL (VALUES
          ('kind', CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
            WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END),
          ('owner', pg_get_userbyid(relowner)), ('persistence', relpersistence::text),
          ('rls_enabled', relrowsecurity::text), ('rls_forced', relforcerowsecurity::text),
          ('is_partition', relispartition::text), ('comment', obj_description(r.oid, 'pg_class')),
          ('acl', CASE WHEN relacl IS NOT NULL THEN pg_temp.acl(relacl) END)) f (fact, value)
      UNION ALL SELECT 'relation ' || label, 'option', o FROM relation, unnest(reloptions) o
      UNION ALL SELECT 'relation ' || label, 'parent', inhparent::regclass::text
        FROM relation JOIN pg_inherits ON inhrelid = oid
      UNION ALL SELECT 'relation ' || label, 'rule', rulename FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
        WHERE rulename <> '_RETURN'
      UNION ALL SELECT DISTINCT 'relation ' || label, 'depends on', d.refobjid::regclass::text FROM relation r
        JOIN pg_rewrite w ON w.ev_class = r.oid JOIN pg_depend d ON d.objid = w.oid
          AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.oid
        WHERE r.relkind IN ('v', 'm')
      UNION ALL SELECT 'relation ' || label, 'server', srvname FROM relation r
        JOIN pg_foreign_table f ON f.ftrelid = r.oid JOIN pg_foreign_server s ON s.oid = f.ftserver
      UNION ALL SELECT 'column ' || label || '.' || attname, f.fact, f.value FROM relation r
        JOIN pg_attribute a ON a.attrelid = r.oid AND attnum > 0 AND NOT attisdropped, LATERAL (VALUES
          ('type', format_type(atttypid, atttypmod)), ('not_null', attnotnull::text),
          ('identity', nullif(attidentity::text, '')),
          ('inherited', CASE WHEN attinhcount > 0 AND NOT attislocal THEN 'true' END),
          ('acl', CASE WHEN attacl IS NOT NULL THEN pg_temp.acl(attacl) END),
          ('comment', col_description(r.oid, attnum))) f (fact, value)
        WHERE relkind NOT IN ('v', 'm')
      UNION ALL SELECT 'constraint ' || label || '.' || conname, f.fact, f.value FROM relation r
        JOIN pg_constraint c ON c.conrelid = r.oid, LATERAL (VALUES
          ('type', CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
            WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'trigger' END),
          ('columns', CASE WHEN contype IN ('p', 'u', 'f') THEN (SELECT string_agg(attname, ',' ORDER BY n)
            FROM unnest(conkey) WITH ORDINALITY k (num, n) JOIN pg_attribute a ON attrelid = conrelid AND attnum = num) END),
          ('references', CASE contype WHEN 'f' THEN confrelid::regclass::text END),
          ('ref_columns', CASE contype WHEN 'f' THEN (SELECT string_agg(attname, ',' ORDER BY n)
            FROM unnest(confkey) WITH ORDINALITY k (num, n) JOIN pg_attribute a ON attrelid = confrelid AND attnum = num) END),
          ('validated', CASE WHEN NOT convalidated THEN 'false' END),
          ('deferrable', CASE WHEN condeferrable THEN 'true' END)) f (fact, value)
      UNION ALL SELECT 'index ' || label || '.' || i.relname, f.fact, f.value FROM relation r
        JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_am am ON am.oid = i.relam, LATERAL (VALUES
          ('unique', indisunique::text), ('primary', CASE WHEN indisprimary THEN 'true' END), ('method', amname),
          ('partial', CASE WHEN indpred IS NOT NULL THEN 'true' END), ('columns', indnkeyatts::text)) f (fact, value)
        WHERE r.relkind <> 'm'
      UNION ALL SELECT 'policy ' || label || '.' || polname, f.fact, f.value FROM relation r
        JOIN pg_policy p ON p.polrelid = r.oid, LATERAL (VALUES
          ('permissive', polpermissive::text),
          ('command', CASE polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
            WHEN 'd' THEN 'delete' ELSE 'all' END),
          ('roles', (SELECT string_agg(CASE WHEN o = 0 THEN 'public' ELSE pg_get_userbyid(o) END, ',' ORDER BY
            CASE WHEN o = 0 THEN 'public' ELSE pg_get_userbyid(o) END COLLATE "C") FROM unnest(polroles) o)),
          ('comment', obj_description(p.oid, 'pg_policy'))) f (fact, value)
      UNION ALL SELECT 'trigger ' || label || '.' || tgname, f.fact, f.value FROM relation r
        JOIN pg_trigger t ON t.tgrelid = r.oid, LATERAL (VALUES
          ('timing', CASE WHEN tgtype & 2 > 0 THEN 'before' WHEN tgtype & 64 > 0 THEN 'instead of' ELSE 'after' END),
          ('events', concat_ws(',', CASE WHEN tgtype & 4 > 0 THEN 'insert' END, CASE WHEN tgtype & 8 > 0 THEN 'delete' END,
            CASE WHEN tgtype & 16 > 0 THEN 'update' END, CASE WHEN tgtype & 32 > 0 THEN 'truncate' END)),
          ('level', CASE WHEN tgtype & 1 > 0 THEN 'row' ELSE 'statement' END),
          ('update_of', (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = r.oid AND attnum = ANY (tgattr))),
          ('function', tgfoid::regproc::text), ('arguments', nullif(tgnargs, 0)::text),
          ('when', CASE WHEN tgqual IS NOT NULL THEN 'true' END), ('old_table', tgoldtable::text),
          ('new_table', tgnewtable::text), ('constraint', CASE WHEN tgconstraint <> 0 THEN 'true' END),
          ('enabled', CASE tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'
            ELSE 'always' END),
          ('inherited_from', (SELECT tgrelid::regclass::text FROM pg_trigger p WHERE p.oid = t.tgparentid)),
          ('comment', obj_description(t.oid, 'pg_trigger'))) f (fact, value)
        WHERE NOT tgisinternal OR EXISTS (SELECT FROM pg_trigger p WHERE p.oid = t.tgparentid AND NOT p.tgisinternal)
      UNION ALL SELECT 'sequence ' || relnamespace::regnamespace || '.' || relname, f.fact, f.value FROM pg_class s,
        LATERAL (VALUES ('owner', pg_get_userbyid(relowner)::text),
          ('acl', CASE WHEN relacl IS NOT NULL THEN pg_temp.acl(relacl) END),
          ('owned_by', (SELECT refobjid::regclass::text || '.' || attname::text FROM pg_depend d JOIN pg_attribute a
            ON attrelid = refobjid AND attnum = refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND objid = s.oid AND deptype IN ('a', 'i')))) f (fact, value)
        WHERE relkind = 'S' AND pg_temp.here(relnamespace) AND pg_temp.own('pg_class', oid)
      UNION ALL SELECT 'function ' || pronamespace::regnamespace || '.' || proname || '('
          || pg_get_function_identity_arguments(oid) || ')', f.fact, f.value FROM pg_proc p, LATERAL (VALUES
          ('kind', CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END),
          ('returns', CASE WHEN prokind <> 'p' THEN format_type(prorettype, NULL) END),
          ('language', (SELECT lanname FROM pg_language l WHERE l.oid = prolang)),
          ('security_definer', prosecdef::text), ('leakproof', proleakproof::text), ('strict', proisstrict::text),
          ('volatility', CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END),
          ('owner', pg_get_userbyid(proowner)), ('acl', CASE WHEN proacl IS NOT NULL THEN pg_temp.acl(proacl) END),
          ('comment', obj_description(p.oid, 'pg_proc'))) f (fact, value)
        WHERE pg_temp.here(pronamespace) AND pg_temp.own('pg_proc', oid)
      UNION ALL SELECT 'function ' || pronamespace::regnamespace || '.' || proname || '('
          || pg_get_function_identity_arguments(oid) || ')', 'setting', setting FROM pg_proc, unnest(proconfig) setting
        WHERE pg_temp.here(pronamespace) AND pg_temp.own('pg_proc', oid)
      UNION ALL SELECT 'type ' || typnamespace::regnamespace || '.' || typname, f.fact, f.value FROM pg_type t,
        LATERAL (VALUES ('kind', CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite'
            ELSE 'range' END), ('owner', pg_get_userbyid(typowner)),
          ('labels', (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)),
          ('base', CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) END),
          ('not_null', CASE WHEN typnotnull THEN 'true' END),
          ('checks', (SELECT string_agg(conname, ',' ORDER BY conname COLLATE "C") FROM pg_constraint
            WHERE contypid = t.oid)),
          ('acl', CASE WHEN typacl IS NOT NULL THEN pg_temp.acl(typacl) END),
          ('comment', obj_description(t.oid, 'pg_type'))) f (fact, value)
        WHERE pg_temp.here(typnamespace) AND pg_temp.own('pg_type', oid) AND (typtype IN ('e', 'd', 'r')
          OR typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c'))
      UNION ALL SELECT 'default privileges ' || pg_get_userbyid(defaclrole) || ' '
          || coalesce(nullif(defaclnamespace, 0)::regnamespace::text, 'everywhere'),
        CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
          WHEN 'T' THEN 'types' ELSE 'schemas' END, pg_temp.acl(defaclacl) FROM pg_default_acl
      UNION ALL SELECT 'event trigger ' || evtname, f.fact, f.value FROM pg_event_trigger, LATERAL (VALUES
          ('event', evtevent::text), ('function', evtfoid::regproc::text), ('enabled', evtenabled::text),
          ('tags', array_to_string(evttags, ','))) f (fact, value)
      UNION ALL SELECT 'publication ' || pubname, 'all_tables', puballtables::text FROM pg_publication)
    SELECT object || '|' || fact || '|' || replace(value, E'\\n', '\\n') FROM facts WHERE value IS NOT NULL;
    """
}
