import SourceText
import Testing

@testable import Documents

@Suite("Reading YAML")
struct YAMLReadingTests {
  @Test func `A template is read with its tags and places`() throws {
    let text = """
      Resources:
        Key: # the key
          Type: AWS::KMS::Key
          Properties: { Alias: !Sub "a-${Stage}", On: yes }
        Other:
          - !GetAtt Key.Arn
          - *none
      """
    let reading = Document.read(SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(text.utf8)), as: .yaml)
    #expect(reading.diagnostics.map(\.id) == ["undefined-alias"])
    let root = try #require(reading.documents.first?.root)
    let key = try #require(root["Resources"]?["Key"])
    #expect(key["Type"]?.text == "AWS::KMS::Key")
    #expect(key["Properties"]?["Alias"]?.tag == "!Sub")
    #expect(key["Properties"]?["Alias"]?.text == "a-${Stage}")
    #expect(root["Resources"]?["Other"]?.items.count == 2)
  }
}
