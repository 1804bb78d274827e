/// A value expression of SQL as analysis sees it: what the grammar's many spellings come down to. `x NOT LIKE y` is
/// an operator, `x NOT IN (…)` a negation.
struct Term: Sendable {
  indirect enum Form: Sendable {
    case null
    case boolean(Bool)
    case string(String)
    case number(String)
    /// A name with its qualifiers; `*` stands last for a whole row.
    case column([String])
    case parameter(Int)
    case keyword(Keyword)
    case not(Term)
    case and([Term])
    case or([Term])
    /// Any operator, by name; one without a left side is a prefix.
    case operation(String, Term?, Term)
    case distinct(Term, Term)
    case between(Term, Term, Term)
    /// `x IN (a, b)`
    case oneOf(Term, [Term])
    case isNull(Term)
    /// IS TRUE, IS FALSE and IS UNKNOWN; the value asked for is nil for the last.
    case truthTest(Term, Bool?)
    /// `x op ANY (array)` or `x op ALL (array)`.
    case quantified(String, Term, Term, isAll: Bool)
    case nullIf(Term, Term)
    case coalesce([Term])
    /// GREATEST and LEAST.
    case extremum([Term])
    /// CASE: with a subject, the conditions are what it is compared with.
    case choice(subject: Term?, [(condition: Term, result: Term)], otherwise: Term?)
    /// To a type as PostgreSQL prints it.
    case cast(Term, String)
    case call([String], [Term])
    case array([Term])
    case row([Term])
    /// `(x).field` or `x[1]`.
    case element(Term, field: String?)
    case exists(Query)
    case scalar(Query)
    case arrayOf(Query)
    /// `x op ANY (SELECT …)` or `x op ALL (SELECT …)`.
    case quantifiedQuery(String, Term, Query, isAll: Bool)
    case other([Term])
  }

  /// What a keyword stands for that is a value without being a constant.
  enum Keyword: Sendable {
    case sessionUser, currentUser
    /// CURRENT_TIMESTAMP and its like: when the transaction began.
    case transactionTime
    case other
  }

  /// A SELECT or VALUES, as far as truth and the flow of values need it.
  struct Query: Sendable {
    var targets: [(name: String, term: Term)] = []
    var sources: [Source] = []
    /// WHERE and the conditions of inner joins.
    var conditions: [Term] = []
    /// The rows of VALUES.
    var rows: [[Term]] = []
    /// The sides of UNION, INTERSECT and EXCEPT.
    var branches: [Query] = []
    var isExcept = false
    /// Without FROM, or with an aggregate and no GROUP BY, it always has one row.
    var hasAggregates = false
    var hasGroups = false
  }

  /// One item of FROM.
  struct Source: Sendable {
    let alias: String
    let columnNames: [String]
    let form: Form

    indirect enum Form: Sendable {
      case relation([String])
      case function(Term)
      case query(Query)
    }
  }

  let form: Form
  /// Where its first and its last part stand: the least and greatest location the parser gives to anything in it, in
  /// bytes from the start of the parsed text. None has `Int.max` and -1.
  var start = Int.max
  var end = -1

  init(_ form: Form) { self.form = form }

  /// Whether the term itself or anything in it, queries included, is so.
  func contains(where predicate: (Term) -> Bool) -> Bool {
    if predicate(self) { return true }
    return children.contains { $0.contains(where: predicate) }
      || queries.contains { $0.contains(where: predicate) }
  }

  /// Calls the body for the term and everything in it; the flag tells whether an uncorrelated scalar subquery is
  /// around it, which the server evaluates once for a statement.
  func forEach(inSubquery: Bool = false, _ body: (Term, Bool) -> Void) {
    body(self, inSubquery)
    for child in children { child.forEach(inSubquery: inSubquery, body) }
    for query in queries { query.forEach(body) }
  }

  /// The terms directly in it.
  var children: [Term] {
    switch form {
    case .null, .boolean, .string, .number, .column, .parameter, .keyword, .exists, .scalar, .arrayOf: []
    case .not(let term), .isNull(let term), .truthTest(let term, _), .cast(let term, _), .element(let term, _): [term]
    case .and(let terms), .or(let terms), .coalesce(let terms), .extremum(let terms), .call(_, let terms),
      .array(let terms), .row(let terms), .other(let terms):
      terms
    case .operation(_, let left, let right): (left.map { [$0] } ?? []) + [right]
    case .distinct(let a, let b), .nullIf(let a, let b), .quantified(_, let a, let b, _): [a, b]
    case .between(let term, let low, let high): [term, low, high]
    case .oneOf(let term, let items): [term] + items
    case .choice(let subject, let branches, let otherwise):
      (subject.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
    case .quantifiedQuery(_, let term, _, _): [term]
    }
  }

  /// The queries directly in it.
  var queries: [Query] {
    switch form {
    case .exists(let query), .scalar(let query), .arrayOf(let query), .quantifiedQuery(_, _, let query, _): [query]
    default: []
    }
  }
}

extension Term.Query {
  /// Every term directly in the query, those of its FROM items included.
  var terms: [Term] {
    var terms = targets.map(\.term) + conditions + rows.flatMap { $0 }
    for source in sources {
      if case .function(let term) = source.form { terms.append(term) }
    }
    return terms
  }

  var inner: [Term.Query] {
    branches
      + sources.compactMap {
        if case .query(let query) = $0.form { query } else { nil }
      }
  }

  func contains(where predicate: (Term) -> Bool) -> Bool {
    terms.contains { $0.contains(where: predicate) } || inner.contains { $0.contains(where: predicate) }
  }

  func forEach(_ body: (Term, Bool) -> Void) {
    for term in terms { term.forEach(inSubquery: true, body) }
    for query in inner { query.forEach(body) }
  }

  /// Every relation that the query or a query within it names.
  var relations: [[String]] {
    var found: [[String]] = []
    for source in sources {
      if case .relation(let parts) = source.form { found.append(parts) }
    }
    for term in terms {
      term.forEach { inner, _ in
        for query in inner.queries { found += query.ownRelations }
      }
    }
    for query in inner { found += query.relations }
    return found
  }

  private var ownRelations: [[String]] {
    var found: [[String]] = []
    for source in sources {
      switch source.form {
      case .relation(let parts): found.append(parts)
      case .query(let query): found += query.relations
      case .function: continue
      }
    }
    for branch in branches { found += branch.relations }
    return found
  }
}
