import CEL
import PostgresSchema
import SourceText
import Values

extension EstateReader {
  func functionFact(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.functions.indices.contains(Int(object.id)) else { return .absent }
    let function = estate.catalogue.functions[Int(object.id)]
    switch name {
    case "schema": return MemberReading(.string(function.name.schema))
    case "signature": return MemberReading(.string(function.signature))
    case "kind": return MemberReading(.string(function.isProcedure ? "PROCEDURE" : "FUNCTION"))
    case "isLeakProof": return MemberReading(.bool(function.isLeakProof))
    case "searchSchemas":
      return MemberReading(.list(Self.schemas(inSearchPath: function.searchPath ?? "").map { .string($0) }))
    case "ownerRole":
      guard let owner = function.owner.value else { return .absent }
      return role(named: owner, at: function.owner.origin.span)
    case "grants":
      return MemberReading(grants(on: .function, Int(object.id), open: estate.doubts.privileges))
    case "isExecutableByPublic":
      if let doubt = estate.doubts.privileges { return MemberReading(.unknown(doubt)) }
      return MemberReading(.bool(function.grants.contains { $0.grantee == nil && $0.privilege == "EXECUTE" }))
    case "tables":
      let body = estate.analysis.relations(ofFunction: Int(object.id))
      return MemberReading(
        .list(
          ListValue(
            elements: body.tables.map { ListValue.Element(.object(ObjectValue("sql::Table", Int32($0)))) },
            residual: body.more)))
    default: return .absent
    }
  }

  /// The schemas of a search path, without quotes.
  private static func schemas(inSearchPath path: String) -> [String] {
    path.split(separator: ",").map { part in String(part.filter { !" \"'".contains($0) }) }.filter { !$0.isEmpty }
  }
}
