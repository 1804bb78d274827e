import ArgumentParser
import Project

/// `blealint schema`: prints the catalogue that SQL files make.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the catalogue that migrations or a dump make, as a server would hold it.",
    discussion: """
      The SQL is replayed in its migration tool's order; no server is needed. Of the nearest .blealint.yaml above it hold \
      the SQL of its projects and its order, what it excludes, and what it says of the effects of functions.

      EXAMPLES
        blealint schema db/migrations
        blealint schema db/migrations --explain-order
        blealint schema dump.sql --format json --postgres-version 15
      """)

  @Argument(help: "Files or folders with SQL (default: the current folder).", completion: .file())
  var paths: [String] = []

  @Option(help: "How the catalogue is written: text or json.")
  var format = SchemaListing.Format.text

  @Flag(name: .customLong("explain-order"), help: "Print the order in which the files are run, and why.")
  var explainsOrder = false

  @Option(
    name: .customLong("postgres-version"),
    help: ArgumentHelp("The server's major version (default: 16).", valueName: "number"))
  var postgresVersion = 16

  @Option(help: ArgumentHelp("The role that runs the SQL (default: postgres).", valueName: "name"))
  var role = "postgres"

  @OptionGroup var configuration: ConfigurationFileOptions
  @OptionGroup var color: ColorOption

  func validate() throws {
    if postgresVersion < 10 || postgresVersion > 99 {
      throw ValidationError("'\(postgresVersion)' is no major version of PostgreSQL. Write --postgres-version 16.")
    }
  }

  func run() throws {
    var options = SchemaListing.Options()
    options.paths = paths
    options.format = format
    options.explainsOrder = explainsOrder
    options.postgresVersion = postgresVersion
    options.role = role
    options.configuration = try configuration.load(for: paths, color.rendering())
    let listing = SchemaListing.make(options)
    Output.write(listing.text)
    for problem in listing.problems { Output.write("blealint: \(problem)\n", to: .standardError) }
    if listing.exitCode != 0 { throw ExitCode(Int32(listing.exitCode)) }
  }
}

extension SchemaListing.Format: ExpressibleByArgument {}
