/// How a migration tool orders the files of one folder (rules from the tools' sources).
enum MigrationConvention: Hashable {
  case sqitch(SqitchPlan)
  case flyway
  /// golang-migrate, goose, sqlx, node-pg-migrate and the like: by the number in front.
  case numbered
  /// A folder for each migration, named by its version: Diesel, Prisma, Hasura.
  case folders
  case natural

  static func seen(in files: [MigrationFile], plans: [SqitchPlan]) -> MigrationConvention {
    if let plan = plans.first(where: { plan in files.contains { plan.position(of: $0.path) != nil } }) {
      return .sqitch(plan)
    }
    let count = files.count
    if files.filter({ FlywayVersion($0.label) != nil }).count * 2 > count { return .flyway }
    if files.contains(where: { !$0.path.hasSuffix($0.label) }) { return .folders }
    if files.allSatisfy({ $0.number != nil }) { return .numbered }
    return .natural
  }

  var explanation: String {
    switch self {
    case .sqitch: "in the order of sqitch.plan"
    case .flyway: "Flyway's: versions first, repeatable migrations last"
    case .numbered: "by the number in front of each name"
    case .folders: "by the version in front of each folder's name"
    case .natural: "by name, numbers in it compared as numbers"
    }
  }

  /// Why ``sorted(_:)`` leaves a file out.
  var reasonToLeaveOut: String {
    switch self {
    case .sqitch: "is not in sqitch.plan"
    case .flyway: "is older than the baseline"
    case .numbered, .folders, .natural: "is not run"
    }
  }

  func sorted(_ files: [MigrationFile]) -> [MigrationFile] {
    switch self {
    case .sqitch(let plan):
      return files.compactMap { file in plan.position(of: file.path).map { ($0, file) } }
        .sorted { ($0.0, $0.1.path) < ($1.0, $1.1.path) }.map(\.1)
    case .flyway: return flyway(files)
    case .numbered:
      return files.map { (number: $0.number ?? "", file: $0) }.sorted { a, b in
        let (left, right) = (a.number.utf8.count, b.number.utf8.count)
        if left != right { return left < right }
        return a.number != b.number ? a.number < b.number : NaturalOrder.precedes(a.file.path, b.file.path)
      }.map(\.file)
    case .folders:
      return files.map { (version: $0.dieselVersion, file: $0) }.sorted { a, b in
        (a.version, a.file.path) < (b.version, b.file.path)
      }.map(\.file)
    case .natural:
      return files.sorted { NaturalOrder.precedes($0.path, $1.path) }
    }
  }

  /// Baseline, then versions after it, then repeatable ones by description; other files first, by name.
  private func flyway(_ files: [MigrationFile]) -> [MigrationFile] {
    var versioned: [(FlywayVersion, MigrationFile)] = []
    var repeatable: [(String, MigrationFile)] = []
    var others: [MigrationFile] = []
    for file in files {
      guard let version = FlywayVersion(file.label) else {
        others.append(file)
        continue
      }
      if version.kind == .repeatable {
        repeatable.append((version.description, file))
      } else {
        versioned.append((version, file))
      }
    }
    let baseline = versioned.filter { $0.0.kind == .baseline }.map(\.0.parts).max(by: FlywayVersion.precedes)
    if let baseline {
      versioned.removeAll { entry in
        FlywayVersion.precedes(entry.0.parts, baseline)
          || entry.0.kind == .versioned && !FlywayVersion.precedes(baseline, entry.0.parts)
      }
    }
    versioned.sort { a, b in
      if FlywayVersion.precedes(a.0.parts, b.0.parts) { return true }
      if FlywayVersion.precedes(b.0.parts, a.0.parts) { return false }
      return a.1.path < b.1.path
    }
    repeatable.sort { ($0.0, $0.1.path) < ($1.0, $1.1.path) }
    return others.sorted { NaturalOrder.precedes($0.path, $1.path) } + versioned.map(\.1) + repeatable.map(\.1)
  }
}
