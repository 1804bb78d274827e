import CloudFormation
import SourceText
import SystemPackage

/// Says for which data store some SQL is: what `schemas` of the configuration says.
package struct SchemaAssignment: Sendable {
  /// A file or folder, relative to the project's folder, or the logical id of the Lambda function with the SQL; `.` for
  /// all SQL.
  package let sql: String
  /// The logical id of a cluster or an instance, with its stack's name before it where several stacks have it:
  /// `Orders-Prod/Database`.
  package let dataStore: String
  /// Where this is written.
  package let span: Span?

  package init(sql: String, dataStore: String, span: Span? = nil) {
    self.sql = sql
    self.dataStore = dataStore
    self.span = span
  }
}

extension Linter {
  /// The data stores that the configuration names for a file or a function: those of the assignments that are most
  /// precise about it; nil where none is about it.
  func databases(
    of source: String, _ assignments: [SchemaAssignment], _ root: ProjectRoot, _ deployment: Deployment
  ) -> [ResourceID]? {
    var found: [ResourceID] = []
    var precision = -1
    for assignment in assignments {
      guard let depth = depth(of: assignment.sql, source, root), depth >= precision else { continue }
      if depth > precision { found = [] }
      precision = depth
      found += Self.dataStores(named: assignment.dataStore, deployment)
    }
    return found.isEmpty ? nil : found
  }

  /// How many parts of a path an assignment agrees with; nil where it is about something else.
  private func depth(of written: String, _ source: String, _ root: ProjectRoot) -> Int? {
    if written == source { return .max }
    let folder = FilePath(written).absolute(from: root.directory)
    let file = FilePath(source).absolute(from: root.base)
    return file.starts(with: folder) ? folder.components.count : nil
  }

  /// Says which assignments name no data store of the templates.
  mutating func checkDatabases(_ assignments: [SchemaAssignment], _ deployment: Deployment) {
    for assignment in assignments where Self.dataStores(named: assignment.dataStore, deployment).isEmpty {
      diagnostics.append(
        Diagnostic(
          "unknown-data-store", .error, "No template declares a data store '\(assignment.dataStore)'.",
          cure: "Name the logical id of a cluster or an instance, with its stack's name before it: Stack/Cluster.",
          at: assignment.span))
    }
  }

  private static func dataStores(named name: String, _ deployment: Deployment) -> [ResourceID] {
    ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"].flatMap { deployment.resources(ofType: $0) }.filter { id in
      let resource = deployment.resource(id)
      return resource.logicalID == name || "\(deployment.stack(resource.stack).name)/\(resource.logicalID)" == name
    }
  }
}
