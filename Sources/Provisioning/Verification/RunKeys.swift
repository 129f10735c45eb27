import Facility
import PaymentCrypto

/// The keys of a run as its record names them, taken out of the site as far as they are there.
struct RunKeys: Sendable {
    /// A base derivation key.
    struct Base: Sendable {
        let name: [UInt8]
        let algorithm: KeyAlgorithm
        let reportName: [UInt8]
        let method: CheckValueMethod
        let byteCount: Int
        /// Nil where the site has it no more.
        let key: BaseKeySource?
    }

    /// A wrapping key.
    struct Protection: Sendable {
        let name: [UInt8]
        let key: KeyBlockProtection
    }

    private(set) var baseKeys: [Base] = []
    private(set) var protectionKeys: [Protection] = []
    /// Who it is that could not be looked at, in words.
    private(set) var notices: [String] = []

    /// Takes the keys out of the site.
    ///
    /// - Throws: `VerificationError.keyMissing` for a wrapping key that is not there.
    init(_ plan: RunKeyPlan, from site: borrowing UnlockedSite, tokens: any TokenKeys) throws {
        for base in plan.baseKeys {
            let key = try base.entry.map { try site.baseKeyForVerification($0, tokens: tokens) }
            if key == nil {
                notices.append(
                    "key '\(base.key.name)' is not in the keyring with check value \(base.key.kcv): its initial keys are not"
                        + " derived anew")
            }
            baseKeys.append(
                Base(
                    name: Array(base.key.name.utf8), algorithm: base.algorithm,
                    reportName: Array(base.algorithm.reportName.utf8), method: base.method, byteCount: base.byteCount,
                    key: key.flatMap { $0.algorithm == base.algorithm ? $0 : nil }))
        }
        for (key, entry) in plan.protectionKeys {
            protectionKeys.append(
                Protection(
                    name: Array(key.name.utf8), key: try site.protectionForVerification(entry, tokens: tokens)))
        }
    }
}

/// What a run's record says of its keys, with the entries of the keyring that are meant; made before anybody is asked for a
/// passphrase, and again from the keyring that was proved.
struct RunKeyPlan {
    struct Base {
        let key: RunRecord.Key
        let algorithm: KeyAlgorithm
        let method: CheckValueMethod
        let byteCount: Int
        let entry: KeyringEntry?
    }

    private(set) var baseKeys: [Base] = []
    private(set) var protectionKeys: [(RunRecord.Key, KeyringEntry)] = []
    /// Of whatever in the record no run has.
    private(set) var faults: [String] = []

    init(_ record: RunRecord, in keyring: Keyring) throws(VerificationError) {
        for key in record.bdk {
            guard let algorithm = KeyAlgorithm(reportName: key.algorithm), algorithm != .tdes3Key else {
                faults.append("bdk: expected an algorithm of initial keys, found \(TextExcerpt(key.algorithm))")
                continue
            }
            let method = record.checkValueMethod ?? .standard(for: algorithm)
            let byteCount = record.kcvBytes ?? method.standardByteCount
            guard method.permittedByteCounts.contains(byteCount) else {
                faults.append("kcv_bytes: expected a length of \(method.rawValue) check values, found \(byteCount)")
                continue
            }
            baseKeys.append(
                Base(
                    key: key, algorithm: algorithm, method: method,
                    byteCount: byteCount,
                    entry: Self.entry(key, .baseDerivation, in: keyring)))
        }
        for key in record.kbpk {
            guard let entry = Self.entry(key, .wrapping, in: keyring) else {
                throw .keyMissing(
                    name: TextExcerpt.plainOrQuoted(key.name), checkValue: TextExcerpt.plainOrQuoted(key.kcv))
            }
            protectionKeys.append((key, entry))
        }
    }

    /// Whether one of them is in the keyring.
    var hasKeys: Bool { !protectionKeys.isEmpty || baseKeys.contains { $0.entry != nil } }

    /// The key of this name and check value; else another one with this check value that could be the same.
    private static func entry(_ key: RunRecord.Key, _ role: KeyRole, in keyring: Keyring) -> KeyringEntry? {
        let same = keyring.entries.filter { entry in
            entry.checkValue == key.kcv
                && (try? role.check(entry.header, effective: entry.effectiveAlgorithm, named: entry.name)) != nil
        }
        return same.first { $0.name.description == key.name } ?? same.first
    }
}

extension KeyAlgorithm {
    /// The algorithm that reports call so.
    init?(reportName: String) {
        guard let algorithm = Self.allCases.first(where: { $0.reportName == reportName }) else { return nil }
        self = algorithm
    }
}

extension RunRecord {
    /// The check values' method where one was asked for.
    var checkValueMethod: CheckValueMethod? {
        CheckValueMethod.allCases.first { $0.reportName == kcvAlgorithm }
    }

    /// What the headers of its key blocks must agree with; nil where the record says what no run makes.
    var initialKeyHeaders: [InitialKeyHeader]? {
        let headers = ([header].compactMap(\.self) + (profiles ?? [])).map(\.initialKeyHeader)
        return headers.contains { $0 == nil } ? nil : headers.compactMap(\.self)
    }
}

extension RunRecord.Header {
    /// KS stands for TDES and IK for AES: a header has the one that its key takes.
    fileprivate var initialKeyHeader: InitialKeyHeader? {
        let versions = (keyBlockVersions ?? []).compactMap {
            $0.count == 1 ? $0.first.flatMap(KeyBlockVersion.init) : nil
        }
        guard keyUsage == "B1", modeOfUse == "X", versions.count == keyBlockVersions?.count ?? 0,
            exportability.count == 1, let exportability = exportability.first.flatMap(Exportability.init)
        else { return nil }
        let names = optionalBlocks.filter { $0 != Self.serialNumberBlock }
        let blocks = names.compactMap { OptionalBlock.Identifier($0) }
        guard blocks.count == names.count else { return nil }
        var header = InitialKeyHeader(
            versions: versions, exportability: exportability, optionalBlocks: blocks,
            hidesLength: lengthObfuscation ?? true)
        header.hasSerialNumber = names.count < optionalBlocks.count
        return header
    }

    /// What `run.json` has for either block.
    static let serialNumberBlock = "KS/IK"
}
