import CEL
import PostgresSchema
import SourceText
import Values

extension EstateReader {
  func functionMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.functions.indices.contains(Int(object.id)) else { return .absent }
    let function = estate.catalogue.functions[Int(object.id)]
    switch name {
    case "name": return MemberReading(.string(function.name.name))
    case "schema": return MemberReading(.string(function.name.schema))
    case "qualifiedName": return MemberReading(.string(function.name.description))
    case "signature": return MemberReading(.string(function.signature))
    case "kind": return MemberReading(.string(function.isProcedure ? "PROCEDURE" : "FUNCTION"))
    case "language": return MemberReading(.string(function.language))
    case "isAssumed": return MemberReading(.bool(function.isAssumed))
    case "isTriggerFunction": return MemberReading(.bool(function.isTriggerFunction))
    case "isAudit": return MemberReading(Value(function.isAuditFunction))
    case "isLeakProof": return MemberReading(.bool(function.isLeakProof))
    case "isSecurityDefiner":
      if function.isAssumed, let unknown = function.uncertainty[.existence] { return MemberReading(.unknown(unknown)) }
      return MemberReading(Value(function.isSecurityDefiner.truth))
    case "searchPath":
      guard let path = function.searchPath else { return .absent }
      return MemberReading(.list(Self.schemas(inSearchPath: path).map { .string($0) }))
    case "owner":
      guard let owner = function.owner.value else { return .absent }
      return role(named: owner, at: function.owner.origin.span)
    case "ownerName": return function.owner.value.map { MemberReading(.string($0)) } ?? .absent
    case "grants":
      return MemberReading(grants(on: .function, Int(object.id), open: estate.doubts.privileges))
    case "isExecutableByPublic":
      if let doubt = estate.doubts.privileges { return MemberReading(.unknown(doubt)) }
      return MemberReading(.bool(function.grants.contains { $0.grantee == nil && $0.privilege == "EXECUTE" }))
    case "tables":
      let body = BodyRelations(function, in: estate.catalogue)
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
