import SourceText
import SystemPackage

/// The first draft of a rule, written for somebody to change: complete, commented, and right as it stands, so that
/// its examples pass before the first edit.
package struct RuleSkeleton: Sendable {
  /// `storage` of `storage/db-copied-tags`.
  package let family: String
  /// `db-copied-tags`.
  package let name: String

  /// Reads `<family>/<name>`, both in kebab case; nil for anything else.
  package init?(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(Self.isKebabCase) else { return nil }
    (family, name) = (parts[0], parts[1])
  }

  private static func isKebabCase(_ text: String) -> Bool {
    text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
  }

  /// Writes the draft below a folder; an existing file is left alone.
  ///
  /// - Returns: the file's path, or what went wrong as a sentence.
  package func write(below folder: String) -> Result<String, Refusal> {
    let directory = FilePath(folder).appending(family)
    let file = directory.appending("\(name).yaml")
    guard FileSystem.status(file) == nil else {
      return .failure(Refusal(sentence: "'\(file.string)' is there already."))
    }
    if let problem = FileSystem.makeFolders(directory) {
      return .failure(Refusal(sentence: "Cannot make '\(directory.string)': \(problem)."))
    }
    if let problem = OutputFile.write(text, to: file.string) { return .failure(Refusal(sentence: problem)) }
    return .success(file.string)
  }

  /// Why no file was written.
  package struct Refusal: Error, Sendable {
    package let sentence: String
  }

  /// The draft: a rule about CopyTagsToSnapshot, to be turned into another.
  package var text: String {
    """
    # Never reused; capitals, then a number. BLEA-… is blealint's own.
    id: OWN-\(family.uppercased().filter { $0.isLetter || $0.isNumber })-001
    # The file's name. Every command takes the id or the name.
    name: \(name)
    title:
      en: Snapshots carry the tags of their cluster
      ja: スナップショットはクラスターのタグを引き継ぐ
    # critical, high, medium, low or info; an obligation may have its own.
    severity: low
    # Whose controls it answers: securityhub, nist-800-53-r5, pci-dss-4.0, cis-aws-3.0, or a framework of your own.
    controls: { securityhub: [RDS.16] }
    rationale:
      en: A snapshot without tags belongs to nobody, and nobody pays for it or deletes it.
      ja: タグのないスナップショットは誰のものでもなく、費用も削除も誰も見なくなります。
    remediation:
      en: Set CopyTagsToSnapshot to true.
      ja: CopyTagsToSnapshot を true にします。
    references:
      - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html

    # Settings, as plain variables below: --set \(name).parameter=value
    # parameters:
    #   minimum: { type: int, default: 1, min: 1, max: 35, description: How much at the least. }

    # Completes "Cannot tell whether …", over the first variable of 'for'.
    whether: snapshots of cluster '{cluster.logicalId}' carry its tags

    # What is judged: a list is judged one by one; an empty list, or an optional without a value, is not applicable.
    for:
      cluster: estate.clusters
    # when: has(cluster.KmsKeyId)          # a gate: not applicable where it is false
    # let: { key: cluster.?storageKey }    # a name for an expression

    require:
      - id: copied
        that: cluster.CopyTagsToSnapshot
        # The fact with its names in single quotes, then what to do.
        message: Snapshots of cluster '{cluster.logicalId}' lose its tags. Set CopyTagsToSnapshot to true.
        # The place to show: the value, or the nearest thing above it that is written.
        at: cluster.CopyTagsToSnapshot
        fix: { set: cluster.CopyTagsToSnapshot, to: "true", safety: safe }

    # Documentation and tests at once: «…» marks exactly what must be reported. At least pass, fail and unknown.
    examples:
      - name: the tags are copied
        verdict: pass
        template: |
          Resources:
            Db:
              Type: AWS::RDS::DBCluster
              Properties: { Engine: aurora-postgresql, CopyTagsToSnapshot: true }
      - name: the tags are lost
        verdict: fail
        template: |
          Resources:
            Db:
              Type: AWS::RDS::DBCluster
              Properties: { Engine: aurora-postgresql, CopyTagsToSnapshot: «false» }
      - name: a parameter without a value decides
        verdict: unknown
        template: |
          Parameters:
            Copy: { Type: String }
          Resources:
            Db:
              Type: AWS::RDS::DBCluster
              Properties: { Engine: aurora-postgresql, CopyTagsToSnapshot: !Ref Copy }

    """
  }
}
