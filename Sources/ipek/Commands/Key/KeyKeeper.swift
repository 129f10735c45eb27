import Facility
import PaymentCrypto

/// The end of every way in: the check value is compared, the key goes into the keyring, and what it is gets printed.
struct KeyKeeper {
    let console: Console
    var expected: ExpectedCheckValue?

    func keep(_ key: borrowing SymmetricKey, as new: UnlockedSite.NewKey, in site: borrowing UnlockedSite) throws {
        try compare(key)
        let report = KeyReport(try site.add(key, as: new))
        try console.write(report, text: report.text)
    }

    /// A difference ends here, and nothing is kept.
    private func compare(_ key: borrowing SymmetricKey) throws {
        guard let expected else { return }
        let standard = CheckValueMethod.standard(for: key.algorithm)
        let found = try key.checkValue(standard)
        guard !expected.matches(found) else { return }
        let other: CheckValueMethod = standard == .legacy ? .cmac : .legacy
        let isOther = expected.matches(try key.checkValue(other))
        throw CommandFailure(
            .refused, "the check value differs: expected \(expected), found \(found)",
            hint: isOther ? "the expected one is this key's by the \(other.rawValue) method" : nil)
    }
}
