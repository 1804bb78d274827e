import Synchronization

/// A value that is made when it is first asked for, once, whichever thread asks.
final class LateValue<Value: Sendable>: Sendable {
  private enum State {
    case made(Value)
    case deferred(@Sendable () -> Value)
  }

  private let state: Mutex<State>

  /// A value that is there already.
  init(_ value: Value) { state = Mutex(.made(value)) }

  /// A value to be made.
  init(making make: @escaping @Sendable () -> Value) { state = Mutex(.deferred(make)) }

  var value: Value {
    state.withLock { state in
      switch state {
      case .made(let value): return value
      case .deferred(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}
