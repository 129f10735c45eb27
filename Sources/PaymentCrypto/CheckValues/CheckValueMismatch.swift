/// A key or component that is not the one which was expected.
public struct CheckValueMismatch: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was expected.
    public let expected: ExpectedCheckValue
    /// What the key has, by its algorithm's own method.
    public let found: CheckValue
    /// The other method, where the expected value is this key's by that one.
    public let otherMethod: CheckValueMethod?

    /// Expected and found.
    public var description: String { "the check value differs: expected \(expected), found \(found)" }
}

extension ExpectedCheckValue {
    /// Refuses a key that does not have this check value.
    public func check(_ key: borrowing SymmetricKey) throws {
        if let mismatch = try mismatch(with: key) { throw mismatch }
    }

    /// Refuses a component that does not have this check value.
    public func check(_ component: borrowing KeyComponent) throws {
        if let mismatch = try mismatch(with: component.key) { throw mismatch }
    }

    private func mismatch(with key: borrowing SymmetricKey) throws(EngineError) -> CheckValueMismatch? {
        let standard = CheckValueMethod.standard(for: key.algorithm)
        return mismatch(
            with: try key.checkValue(standard), other: try key.checkValue(standard == .legacy ? .cmac : .legacy))
    }

    /// Refuses a key with this check value.
    ///
    /// - Parameter other: the same key's check value by the other method, so that a mix-up can be told; nil where it is not known.
    public func check(_ found: CheckValue, other: CheckValue?) throws {
        if let mismatch = mismatch(with: found, other: other) { throw mismatch }
    }

    private func mismatch(with found: CheckValue, other: CheckValue?) -> CheckValueMismatch? {
        guard !matches(found) else { return nil }
        return CheckValueMismatch(
            expected: self, found: found, otherMethod: other.flatMap { matches($0) ? $0.method : nil })
    }

    /// What both say, where one is the beginning of the other; nil where they differ.
    public func merged(with other: ExpectedCheckValue) -> ExpectedCheckValue? {
        let (longer, shorter) = digits.count >= other.digits.count ? (self, other) : (other, self)
        return longer.digits.starts(with: shorter.digits) ? longer : nil
    }
}
