import CEL
import PostgresSchema
import SourceText
import Values

/// What the database does by itself: scheduled jobs with their statements, and partitions that an extension manages.
extension EstateReader {
  func job(_ object: ObjectValue) -> ScheduledJob? {
    let jobs = estate.catalogue.jobs
    return jobs.indices.contains(Int(object.id)) ? jobs[Int(object.id)] : nil
  }

  func jobStatement(_ object: ObjectValue) -> JobStatement? {
    let part = TablePart(object)
    guard estate.catalogue.jobs.indices.contains(part.table) else { return nil }
    let statements = estate.catalogue.jobs[part.table].statements
    return statements.indices.contains(part.index) ? statements[part.index] : nil
  }

  func managedPartitioning(_ object: ObjectValue) -> ManagedPartitioning? {
    let tables = estate.catalogue.tables
    return tables.indices.contains(Int(object.id)) ? tables[Int(object.id)].managedPartitioning : nil
  }

  func jobMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let job = job(object) else { return .absent }
    switch name {
    case "name": return text(job.name)
    case "schedule": return text(job.schedule)
    case "command": return text(job.command?.text)
    case "database": return text(job.database)
    case "statements":
      let open = job.command == nil ? Unknown(unreadCommand(job)) : job.uncertainty
      return MemberReading(TablePart.list("sql::JobStatement", job.statements.count, of: object.id, open: open))
    default: return .absent
    }
  }

  private func unreadCommand(_ job: ScheduledJob) -> Reason {
    Reason(.sql, "the command of the job is computed", at: job.origin.span, cure: "write the command as a constant")
  }

  func jobStatementMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let statement = jobStatement(object) else { return .absent }
    switch name {
    case "kind": return MemberReading(.string(statement.kind))
    case "tables": return MemberReading(.list(statement.tables.map { .string($0) }))
    case "calls": return MemberReading(.list(statement.calls.map { .string($0) }))
    case "columns": return MemberReading(.list(statement.columns.map { .string($0) }))
    case "ageDays": return statement.ageDays.map { MemberReading(.int(Int64($0))) } ?? .absent
    default: return .absent
    }
  }

  func managedPartitioningMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let partitioning = managedPartitioning(object) else { return .absent }
    switch name {
    case "manager": return MemberReading(.string(partitioning.manager))
    case "column": return text(partitioning.column)
    case "interval": return text(partitioning.interval)
    case "retention": return text(partitioning.retention?.value)
    case "retentionDays":
      guard let days = partitioning.retention.flatMap({ IntervalText.days($0.value) }) else { return .absent }
      return MemberReading(.int(Int64(days)))
    case "keepsExpired": return MemberReading(.bool(partitioning.keepsExpired))
    default: return .absent
    }
  }

  private func text(_ value: String?) -> MemberReading { value.map { MemberReading(.string($0)) } ?? .absent }
}
