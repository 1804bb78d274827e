/// What must not be shown.
extension Deployment {
  /// The values that parameters with NoEcho have or may have, longest first: CloudFormation shows none of them, and
  /// neither may a report.
  package var hiddenTexts: [String] {
    var texts: Set<String> = []
    var resolver: Resolver?
    for stack in stacks {
      for parameter in stack.template.parameters where parameter.noEcho {
        var values = parameter.allowedValues.map(\.text) + [parameter.defaultValue?.text].compactMap { $0 }
        switch bindings[stack.id.index][parameter.name] {
        case .known(let text, _)?: values.append(text)
        case .choice(_, let options, _, _)?: values += options.map(\.text)
        case .passed?:
          let known = resolver ?? Resolver(self, scenario: .none)
          resolver = known
          if let text = known.parameter(parameter.name, of: stack.id).text { values.append(text) }
        case .unknown?, nil: break
        }
        texts.formUnion(values)
        if parameter.isList { texts.formUnion(values.flatMap(Parameter.elements(of:))) }
      }
    }
    texts.remove("")
    return texts.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
  }
}
