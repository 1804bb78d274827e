import Documents
import Glibc
import PostgresSchema
import SourceText

/// Our readers beside the bare parsers, on the same bytes in the same rounds.
struct ReadingComparison {
  let rounds: Int

  /// One way to read a text.
  private struct Reader {
    let name: String
    /// Whether others of its group are compared with it.
    let isBase: Bool
    /// False when the text could not be read: then its time says nothing.
    let read: () -> Bool

    init(_ name: String, isBase: Bool = false, _ read: @escaping () -> Bool) {
      self.name = name
      self.isBase = isBase
      self.read = read
    }
  }

  func run() {
    let yaml = SourceFile(id: FileID(0), path: "a.yaml", bytes: GeneratedInput.yamlTemplate(bytes: 2_000_000))
    compare(
      "YAML", yaml.bytes.count,
      [
        Reader("libyaml, events only", isBase: true) { BareParsers.yamlEvents(yaml.bytes) != nil },
        Reader("Document.read") { Self.isRead(yaml, as: .yaml) },
      ])

    // No C parser of JSON is among what we build on; libyaml reads JSON too, and its speed is known from above.
    let json = SourceFile(id: FileID(0), path: "a.json", bytes: GeneratedInput.jsonTemplate(bytes: 2_000_000))
    compare(
      "JSON", json.bytes.count,
      [
        Reader("libyaml, events only", isBase: true) { BareParsers.yamlEvents(json.bytes) != nil },
        Reader("Document.read") { Self.isRead(json, as: .json) },
      ])

    let sql = SourceFile(id: FileID(0), path: "a.sql", bytes: GeneratedInput.schema(bytes: 1_000_000))
    let text = sql.bytes.map { CChar(bitPattern: $0) } + [0]
    compare(
      "SQL", sql.bytes.count,
      [
        Reader("pg_query_parse_protobuf", isBase: true) { BareParsers.protobuf(text) != nil },
        Reader("… unpacked into structs") { BareParsers.unpacked(text) != nil },
        Reader("pg_query_parse (JSON)") { BareParsers.json(text) },
        Reader("StatementSplitter.split") { !StatementSplitter.split(MappedText(sql)).isEmpty },
        Reader("Catalogue.replay") {
          let (catalogue, diagnostics) = Catalogue.replay([SQLSource(sql)])
          return catalogue.tables.count > 100 && !diagnostics.contains { $0.severity == .error }
        },
      ])
  }

  private static func isRead(_ source: SourceFile, as format: DocumentFormat) -> Bool {
    let reading = Document.read(source, as: format)
    return reading.documents.first?.root != nil && reading.diagnostics.isEmpty
  }

  private func compare(_ language: String, _ bytes: Int, _ readers: [Reader]) {
    let megabytes = Double(bytes) / 1e6
    var areRead = [Bool](repeating: true, count: readers.count)
    let seconds = Stopwatch.medians(
      of: rounds,
      readers.indices.map { index in
        { if !readers[index].read() { areRead[index] = false } }
      })
    let base = readers.firstIndex(where: \.isBase) ?? 0
    var table = TextTable("\(language), \(megabytes.formatted(2)) MB", "ms", "MB/s", "times \(readers[base].name)")
    for (index, reader) in readers.enumerated() {
      table.add(
        reader.name, (seconds[index] * 1e3).formatted(1), (megabytes / seconds[index]).formatted(1),
        !areRead[index] ? "not read" : index == base ? "" : (seconds[index] / seconds[base]).formatted(2))
    }
    print("\n" + table.text)
    fflush(nil)
  }
}
