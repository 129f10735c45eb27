/// A master key as it lies in a site's settings: sealed once for every set of custodians that may open it.
public struct SealedMasterKey: Sendable, Hashable {
    /// The master key under the passphrases of one set of custodians.
    public struct Seal: Sendable, Hashable {
        /// The custodians of the set, counted from 1.
        public let custodians: [Int]
        /// The master key.
        public let sealed: SealedBytes

        /// A seal as it was read.
        public init(custodians: [Int], sealed: SealedBytes) {
            self.custodians = custodians
            self.sealed = sealed
        }
    }

    /// How passphrases are stretched.
    public let scrypt: ScryptParameters
    /// How many custodians it takes.
    public let quorum: Int
    /// Each custodian's stretched passphrase under the master key, so that one can be replaced without the others.
    public let custodians: [SealedBytes]
    /// One for each set of `quorum` custodians.
    public let seals: [Seal]

    /// What was read from a file; nil where the numbers do not fit together.
    public init?(scrypt: ScryptParameters, quorum: Int, custodians: [SealedBytes], seals: [Seal]) {
        // Before the sets are made: of twenty among forty there would be more than any memory holds.
        guard (1...CustodianSecrets.maximumCount).contains(custodians.count), (1...custodians.count).contains(quorum)
        else { return nil }
        let sets = CustodianSecrets.sets(of: quorum, from: custodians.count).map { $0.map { $0 + 1 } }
        guard seals.map(\.custodians) == sets else { return nil }
        self.scrypt = scrypt
        self.quorum = quorum
        self.custodians = custodians
        self.seals = seals
    }

    /// Seals a master key for these custodians, any `quorum` of whom can open it.
    public init(
        sealing masterKey: borrowing MasterKey, for secrets: borrowing CustodianSecrets, quorum: Int
    ) throws(EngineError) {
        precondition((1...secrets.count).contains(quorum))
        let subkey = try masterKey.subkey(.custodians)
        custodians = try Self.sealCustodians(secrets, under: subkey)
        seals = try Self.sealSets(masterKey, secrets, quorum: quorum)
        scrypt = secrets.scrypt
        self.quorum = quorum
    }

    /// Opens it with the passphrases of a quorum, in any order; which one is wrong cannot be told.
    public func open(with secrets: borrowing CustodianSecrets) throws(CustodianError) -> MasterKey {
        guard secrets.count >= quorum else { throw .tooFew(expected: quorum, found: secrets.count) }
        do throws(EngineError) {
            for members in CustodianSecrets.sets(of: quorum, from: secrets.count) {
                let key = try secrets.key(for: members)
                if let masterKey = try open(under: key) { return masterKey }
            }
        } catch { throw .engine(error) }
        throw .wrongPassphrases
    }

    /// Which custodian has the passphrase at `index` in `secrets`, counted from 1; nil if none.
    public func custodian(
        ofSecret index: Int, in secrets: borrowing CustodianSecrets, masterKey: borrowing MasterKey
    ) throws(CustodianError) -> Int? {
        let known = try openCustodians(masterKey)
        return known.position(of: secrets[index]).map { $0 + 1 }
    }

    /// The same master key with another passphrase for one custodian, counted from 1.
    public func replacing(
        custodian: Int, by passphrase: borrowing Passphrase, masterKey: borrowing MasterKey
    ) throws(CustodianError) -> SealedMasterKey {
        var secrets = try openCustodians(masterKey)
        precondition((1...secrets.count).contains(custodian))
        let secret: SecretBytes
        do throws(EngineError) { secret = try scrypt.stretch(passphrase) } catch { throw .engine(error) }
        try secret.withExposedBytes { bytes throws(CustodianError) in try secrets.replace(custodian - 1, with: bytes) }
        do throws(EngineError) {
            return try SealedMasterKey(sealing: masterKey, for: secrets, quorum: quorum)
        } catch { throw .engine(error) }
    }

    private func open(under key: borrowing SecretBytes) throws(EngineError) -> MasterKey? {
        for seal in seals {
            let associated = Self.associatedText(quorum, custodians.count, seal.custodians)
            let opened = try key.withExposedBytes { key throws(EngineError) in
                try seal.sealed.open(count: MasterKey.byteCount, under: key, associated: associated)
            }
            if let opened { return MasterKey(opened) }
        }
        return nil
    }

    private func openCustodians(_ masterKey: borrowing MasterKey) throws(CustodianError) -> CustodianSecrets {
        var secrets = CustodianSecrets(scrypt: scrypt)
        do throws(EngineError) {
            let subkey = try masterKey.subkey(.custodians)
            for (index, sealed) in custodians.enumerated() {
                let opened = try subkey.bytes.withExposedBytes { key throws(EngineError) in
                    try sealed.open(
                        count: CustodianSecrets.byteCount, under: key, associated: Self.associatedText(index))
                }
                guard let opened else { throw EngineError(.operationFailed("opening a custodian's secret")) }
                let added = opened.withExposedBytes { bytes in
                    Result { () throws(CustodianError) in try secrets.add(bytes) }
                }
                guard case .success = added else { throw EngineError(.operationFailed("opening a custodian's secret")) }
            }
        } catch { throw .engine(error) }
        return secrets
    }

    private static func sealCustodians(
        _ secrets: borrowing CustodianSecrets, under subkey: borrowing SymmetricKey
    ) throws(EngineError) -> [SealedBytes] {
        var sealed: [SealedBytes] = []
        for index in 0..<secrets.count {
            let one = try subkey.bytes.withExposedBytes { key throws(EngineError) in
                try SealedBytes(sealing: secrets[index], under: key, associated: associatedText(index))
            }
            sealed.append(one)
        }
        return sealed
    }

    private static func sealSets(
        _ masterKey: borrowing MasterKey, _ secrets: borrowing CustodianSecrets, quorum: Int
    ) throws(EngineError) -> [Seal] {
        var seals: [Seal] = []
        for members in CustodianSecrets.sets(of: quorum, from: secrets.count) {
            let custodians = members.map { $0 + 1 }
            let key = try secrets.key(for: members)
            let sealed = try key.withExposedBytes { key throws(EngineError) in
                try masterKey.bytes.withExposedBytes { master throws(EngineError) in
                    try SealedBytes(
                        sealing: master, under: key,
                        associated: associatedText(quorum, secrets.count, custodians))
                }
            }
            seals.append(Seal(custodians: custodians, sealed: sealed))
        }
        return seals
    }

    private static func associatedText(_ quorum: Int, _ count: Int, _ custodians: [Int]) -> [UInt8] {
        Array("ipek master key, \(quorum) of \(count): \(custodians)".utf8)
    }

    private static func associatedText(_ custodian: Int) -> [UInt8] {
        Array("ipek custodian \(custodian + 1)".utf8)
    }
}
