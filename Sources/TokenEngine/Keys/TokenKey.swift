internal import CPKCS11
internal import PaymentCrypto

/// A secret key that stays in its token, with what the token says of it.
///
/// Handles hold in every session of the process, so workers share it.
final class TokenKey: Sendable {
    let token: Token
    let handle: CK_OBJECT_HANDLE
    let algorithm: KeyAlgorithm
    let facts: TokenKeyFacts

    /// The key that a URI names; one of another algorithm than the caller's is refused.
    convenience init(_ uri: TokenURI, in token: Token, algorithm: KeyAlgorithm) throws(TokenError) {
        let handle = try KeySearch(token: token).key(uri)
        try self.init(handle, in: token, algorithm: algorithm)
    }

    init(_ handle: CK_OBJECT_HANDLE, in token: Token, algorithm: KeyAlgorithm) throws(TokenError) {
        let facts = try TokenKeyFacts(ObjectAttributes(token: token, object: handle))
        guard facts.canBe(algorithm) else {
            throw .wrongAlgorithm(key: facts.name, expected: algorithm.reportName, found: facts.typeName)
        }
        self.token = token
        self.handle = handle
        self.algorithm = algorithm
        self.facts = facts
    }

    /// The key in messages.
    var name: String { facts.name }

    /// What somebody who relies on the token should know.
    var warnings: [String] {
        guard !algorithm.isTDES, !facts.tellsLength else { return facts.warnings }
        return facts.warnings + [
            "the token does not tell how long key '\(name)' is: it is taken for \(algorithm.reportName), as was said"
        ]
    }
}
