/// What Package.swift says of its targets, read from its text.
struct Manifest {
  struct Target: Hashable {
    /// `target`, `executableTarget`, `testTarget`, `systemLibrary` or `plugin`.
    var kind: String
    var name: String
    /// Names of targets and products.
    var dependencies: Set<String>
    /// The folder, where the manifest names one.
    var path: String?

    var folder: String { path ?? (kind == "testTarget" ? "Tests/\(name)" : "Sources/\(name)") }
  }

  private(set) var targets: [Target] = []

  init(_ text: String) {
    // `products:` also calls .executable(…) and .library(…), whose names are not those below.
    for kind in ["target", "executableTarget", "testTarget", "systemLibrary", "plugin"] {
      var rest = text[...]
      while let call = rest.range(of: ".\(kind)(") {
        let arguments = Manifest.upToClosing(rest[call.upperBound...])
        rest = rest[arguments.endIndex...]
        guard let name = Manifest.string(after: "name:", in: arguments) else { continue }
        var dependencies: Set<String> = []
        if let label = arguments.range(of: "dependencies:"),
          let open = arguments[label.upperBound...].firstIndex(of: "[")
        {
          dependencies = Manifest.names(in: Manifest.upToClosing(arguments[arguments.index(after: open)...]))
        }
        let path = Manifest.string(after: "path:", in: arguments)
        targets.append(Target(kind: kind, name: name, dependencies: dependencies, path: path))
      }
    }
  }

  /// The text up to the bracket that closes one opened just before it.
  private static func upToClosing(_ text: Substring) -> Substring {
    var depth = 1
    var isInString = false
    for index in text.indices {
      switch text[index] {
      case "\"": isInString.toggle()
      case "(", "[": if !isInString { depth += 1 }
      case ")", "]": if !isInString { depth -= 1 }
      default: break
      }
      if depth == 0 { return text[..<index] }
    }
    return text
  }

  /// The first string literal after a label.
  private static func string(after label: String, in text: Substring) -> String? {
    guard let label = text.range(of: label) else { return nil }
    let parts = text[label.upperBound...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count > 1 ? String(parts[1]) : nil
  }

  /// The names in a list of dependencies; of `.product(name: "A", package: "b")`, A.
  private static func names(in list: Substring) -> Set<String> {
    var names: Set<String> = []
    let parts = list.split(separator: "\"", omittingEmptySubsequences: false)
    for index in stride(from: 1, to: parts.count, by: 2) where !parts[index - 1].hasSuffix("package: ") {
      names.insert(String(parts[index]))
    }
    return names
  }
}
