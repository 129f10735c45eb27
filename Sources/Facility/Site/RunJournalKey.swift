public import PaymentCrypto

/// What proves that this site wrote the journal of a run.
public final class RunJournalKey: Sendable {
    private let key: AuthenticationKey

    fileprivate init(_ key: consuming AuthenticationKey) { self.key = key }

    /// The code of a line, which is bound to everything in it.
    public func code(over line: some Collection<UInt8>) throws(EngineError) -> AuthenticationCode {
        try key.code(over: line)
    }
}

extension UnlockedSite {
    /// The key of the journals that this site's runs keep.
    public func runJournalKey() throws(FacilityError) -> RunJournalKey {
        RunJournalKey(try FacilityError.converting { try masterKey.authenticationKey(.runJournal) })
    }
}
