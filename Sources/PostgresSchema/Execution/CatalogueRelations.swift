import Values

/// The rows of PostgreSQL's own relations as the catalogue replayed so far would fill them. Object identifiers are
/// the objects' names, so that joins over them hold.
struct CatalogueRelations {
  let replay: Replay
  /// Set where only rows about tables or views of this name are asked for: there may be many others.
  let relationName: String?

  typealias Cells = [(String, Cell)]

  enum Cell {
    case text(String)
    case flag(Bool)
    case number(Int)
    case numbers([Int])
    case null
    /// What the statements so far do not tell, such as the role that runs them.
    case unknown
  }

  private var tables: [Table] {
    guard let name = relationName else { return replay.state.tables.compactMap { $0 } }
    return replay.state.relations.tables(named: name).compactMap { replay.state.tables[$0] }
  }

  private var views: [View] {
    guard let name = relationName else { return replay.state.views.compactMap { $0 } }
    return replay.state.relations.views(named: name).compactMap { replay.state.views[$0] }
  }

  /// The rows of a relation of `pg_catalog` or `information_schema`; nil for any other.
  func rows(of name: String) -> [Cells]? {
    switch name {
    case "pg_tables":
      return tables.map { table in
        [
          ("schemaname", .text(table.name.schema)), ("tablename", .text(table.name.name)),
          ("tableowner", owner(table.owner)), ("rowsecurity", flag(table.rowSecurity)),
        ]
      }
    case "pg_class": return relations
    case "tables": return informationTables
    case "columns": return columns
    case "pg_attribute": return attributes
    case "pg_policies", "pg_policy": return policies
    case "pg_trigger": return triggers
    case "triggers": return informationTriggers
    case "pg_constraint", "table_constraints": return constraints
    case "pg_indexes": return indexes
    default: return clusterRows(of: name)
    }
  }

  private func clusterRows(of name: String) -> [Cells]? {
    let state = replay.state
    switch name {
    case "pg_namespace", "schemata":
      return state.catalogue.schemas.map { schema in
        [("oid", .text(schema.name)), ("nspname", .text(schema.name)), ("schema_name", .text(schema.name))]
      }
    case "pg_roles", "pg_authid", "pg_user", "pg_shadow":
      return state.catalogue.roles.filter { !$0.isAssumed }.map { role in
        [
          ("oid", .text(role.name)), ("rolname", .text(role.name)), ("usename", .text(role.name)),
          ("rolsuper", .flag(role.isSuperuser.value)), ("rolcanlogin", .flag(role.canLogin.value)),
          ("rolbypassrls", .flag(role.bypassesRowSecurity.value)), ("usesysid", .text(role.name)),
        ]
      }
    case "pg_extension":
      return state.catalogue.extensions.map { [("extname", .text($0.name)), ("oid", .text($0.name))] }
    case "pg_publication": return state.catalogue.publications.map { [("pubname", .text($0.name))] }
    case "pg_event_trigger": return state.catalogue.eventTriggers.map { [("evtname", .text($0.name))] }
    case "pg_type":
      return state.catalogue.types.map { type in
        let kind =
          switch type.kind {
          case .enumeration: "e"
          case .domain: "d"
          case .composite: "c"
          case .range: "r"
          case .base: "b"
          }
        return [
          ("oid", .text(type.name.description)), ("typname", .text(type.name.name)),
          ("typnamespace", .text(type.name.schema)), ("typtype", .text(kind)),
        ]
      }
    case "pg_enum":
      return state.catalogue.types.flatMap { type in
        type.labels.map { [("enumtypid", .text(type.name.description)), ("enumlabel", .text($0))] }
      }
    case "pg_proc", "routines":
      return state.functions.compactMap { $0 }.filter { !$0.isAssumed }.map { function in
        [
          ("oid", .text(function.name.description)), ("proname", .text(function.name.name)),
          ("pronamespace", .text(function.name.schema)), ("routine_name", .text(function.name.name)),
          ("routine_schema", .text(function.name.schema)), ("prokind", .text(function.isProcedure ? "p" : "f")),
          ("prosecdef", .flag(function.isSecurityDefiner.value)),
        ]
      }
    case "pg_views", "views":
      return views.filter { !$0.isMaterialized }.map { view in
        [
          ("schemaname", .text(view.name.schema)), ("viewname", .text(view.name.name)),
          ("table_schema", .text(view.name.schema)), ("table_name", .text(view.name.name)),
        ]
      }
    case "pg_matviews":
      return views.filter(\.isMaterialized).map { view in
        [("schemaname", .text(view.name.schema)), ("matviewname", .text(view.name.name))]
      }
    case "pg_sequences", "sequences":
      return state.sequences.compactMap { $0 }.map { sequence in
        [
          ("schemaname", .text(sequence.name.schema)), ("sequencename", .text(sequence.name.name)),
          ("sequence_schema", .text(sequence.name.schema)), ("sequence_name", .text(sequence.name.name)),
        ]
      }
    default: return nil
    }
  }

  private func owner(_ fact: Fact<String?>) -> Cell {
    fact.uncertainty == nil ? fact.value.map { .text($0) } ?? .unknown : .unknown
  }

  private func flag(_ fact: Fact<Bool>) -> Cell { fact.uncertainty == nil ? .flag(fact.value) : .unknown }

  private var relations: [Cells] {
    let own = tables.map { table -> Cells in
      let kind =
        switch table.kind {
        case .table: "r"
        case .partitionedTable: "p"
        case .foreignTable: "f"
        }
      let persistence =
        switch table.persistence {
        case .permanent: "p"
        case .unlogged: "u"
        case .temporary: "t"
        }
      return [
        ("oid", .text(table.name.quoted)), ("relname", .text(table.name.name)),
        ("relnamespace", .text(table.name.schema)), ("relkind", .text(kind)),
        ("relrowsecurity", flag(table.rowSecurity)), ("relforcerowsecurity", flag(table.forceRowSecurity)),
        ("relispartition", .flag(table.isPartition)), ("relowner", owner(table.owner)),
        ("relpersistence", .text(persistence)), ("relhastriggers", .flag(!table.triggers.isEmpty)),
      ]
    }
    let others = views.map { view -> Cells in
      [
        ("oid", .text(view.name.quoted)), ("relname", .text(view.name.name)),
        ("relnamespace", .text(view.name.schema)), ("relkind", .text(view.isMaterialized ? "m" : "v")),
        ("relrowsecurity", .flag(false)), ("relforcerowsecurity", .flag(false)), ("relispartition", .flag(false)),
        ("relowner", owner(view.owner)), ("relpersistence", .text("p")),
      ]
    }
    let sequences = replay.state.sequences.compactMap { $0 }.map { sequence -> Cells in
      [
        ("oid", .text(sequence.name.quoted)), ("relname", .text(sequence.name.name)),
        ("relnamespace", .text(sequence.name.schema)), ("relkind", .text("S")),
      ]
    }
    let indexes = tables.flatMap { table in
      table.indexes.map { index -> Cells in
        [
          ("oid", .text(QualifiedName(table.name.schema, index.name).quoted)), ("relname", .text(index.name)),
          ("relnamespace", .text(table.name.schema)), ("relkind", .text("i")),
        ]
      }
    }
    return own + others + sequences + indexes
  }

  private var informationTables: [Cells] {
    tables.map { table in
      [
        ("table_schema", .text(table.name.schema)), ("table_name", .text(table.name.name)),
        ("table_type", .text(table.kind == .foreignTable ? "FOREIGN" : "BASE TABLE")),
      ]
    }
      + views.filter { !$0.isMaterialized }.map { view in
        [
          ("table_schema", .text(view.name.schema)), ("table_name", .text(view.name.name)),
          ("table_type", .text("VIEW")),
        ]
      }
  }

  private var columns: [Cells] {
    tables.flatMap { table in
      table.columns.enumerated().map { index, column in
        [
          ("table_schema", .text(table.name.schema)), ("table_name", .text(table.name.name)),
          ("column_name", .text(column.name)), ("is_nullable", .text(column.isNotNull.value ? "NO" : "YES")),
          ("data_type", dataType(column.type)),
          ("ordinal_position", .number(index + 1)),
        ]
      }
    }
  }

  /// The standard's name of a type; one of the user's is `USER-DEFINED`.
  private func dataType(_ type: String) -> Cell {
    if type.hasSuffix("[]") { return .text("ARRAY") }
    let base = String(type.prefix { $0 != "(" })
    let name = base.split(separator: ".").last.map(String.init) ?? base
    guard !base.contains(".") else { return .unknown }
    if replay.state.typeNames.contains(where: { $0.name == name }) { return .unknown }
    return .text(base)
  }

  private var attributes: [Cells] {
    tables.flatMap { table in
      table.columns.enumerated().map { index, column in
        [
          ("attrelid", .text(table.name.quoted)), ("attname", .text(column.name)), ("attnum", .number(index + 1)),
          ("attisdropped", .flag(false)), ("attnotnull", .flag(column.isNotNull.value)),
        ]
      }
    }
  }

  private var policies: [Cells] {
    tables.flatMap { table in
      table.policies.map { policy in
        [
          ("schemaname", .text(table.name.schema)), ("tablename", .text(table.name.name)),
          ("policyname", .text(policy.name)), ("polname", .text(policy.name)),
          ("polrelid", .text(table.name.quoted)), ("cmd", .text(policy.command.rawValue.uppercased())),
          ("permissive", .text(policy.isPermissive ? "PERMISSIVE" : "RESTRICTIVE")),
        ]
      }
    }
  }

  private var triggers: [Cells] {
    (tables.map { ($0.name, $0.triggers) } + views.map { ($0.name, $0.triggers) }).flatMap { name, triggers in
      triggers.map { trigger in
        [
          ("tgname", .text(trigger.name)), ("tgrelid", .text(name.quoted)), ("tgisinternal", .flag(false)),
          ("tgenabled", .text(trigger.enabled.value.rawValue)),
        ]
      }
    }
  }

  private var informationTriggers: [Cells] {
    (tables.map { ($0.name, $0.triggers) } + views.map { ($0.name, $0.triggers) }).flatMap { name, triggers in
      triggers.flatMap { trigger in
        trigger.events.filter { $0 != .truncate }.map { event in
          [
            ("trigger_schema", .text(name.schema)), ("trigger_name", .text(trigger.name)),
            ("event_object_schema", .text(name.schema)), ("event_object_table", .text(name.name)),
            ("event_manipulation", .text(event.rawValue.uppercased())),
          ]
        }
      }
    }
  }

  private var constraints: [Cells] {
    tables.flatMap { table in
      table.constraints.map { constraint in
        let (letter, word) =
          switch constraint.kind {
          case .primaryKey: ("p", "PRIMARY KEY")
          case .unique: ("u", "UNIQUE")
          case .foreignKey: ("f", "FOREIGN KEY")
          case .check: ("c", "CHECK")
          case .exclusion: ("x", "EXCLUSION")
          }
        return [
          ("conname", .text(constraint.name)), ("constraint_name", .text(constraint.name)),
          ("conrelid", .text(table.name.quoted)), ("contype", .text(letter)), ("constraint_type", .text(word)),
          ("connamespace", .text(table.name.schema)), ("table_schema", .text(table.name.schema)),
          ("constraint_schema", .text(table.name.schema)), ("table_name", .text(table.name.name)),
          ("conkey", positions(constraint.columns, of: table)), ("convalidated", .flag(constraint.isValidated)),
          ("condeferrable", .flag(constraint.isDeferrable)),
          (
            "confrelid",
            constraint.kind == .foreignKey
              ? constraint.reference?.table.flatMap { replay.state.tables[$0] }.map { .text($0.name.quoted) }
                ?? .unknown
              : .number(0)
          ),
        ]
      }
    }
  }

  /// The numbers that ``attributes`` gives the columns.
  private func positions(_ names: [String], of table: Table) -> Cell {
    let numbers = names.compactMap { name in table.columns.firstIndex { $0.name == name }.map { $0 + 1 } }
    return numbers.count == names.count ? .numbers(numbers) : .unknown
  }

  private var indexes: [Cells] {
    tables.flatMap { table in
      table.indexes.map { index in
        [
          ("schemaname", .text(table.name.schema)), ("tablename", .text(table.name.name)),
          ("indexname", .text(index.name)),
        ]
      }
    }
  }
}
