public import Facility
import PaymentCrypto

/// A manifest's check by itself: every fault, no clear key.
public struct CheckRun: Sendable {
    private let options: ProvisionOptions
    private let site: Site
    private let directory: KeyDirectory
    private let headers: HeaderPlans
    private let interruption: Interruption

    /// The key whose tokens would leave without the revocation list that their form has room for.
    public var signerWithoutRevocationList: KeyName? { directory.signerWithoutRevocationList }

    /// Checks everything that the manifest has no part in: keys, roles, header options, expected check values.
    ///
    /// - Throws: what ``ProvisionRun/init(_:in:keyring:profiles:interruption:)`` throws, and `ProvisioningError` for a check value
    ///   that is not the expected one, by what the keyring says of it.
    public init(
        _ options: ProvisionOptions, in site: Site, keyring: Keyring, profiles: HeaderProfiles,
        interruption: Interruption
    ) throws {
        self.options = options.limitingChunks
        self.site = site
        self.interruption = interruption
        headers = try HeaderPlans(options, of: profiles, started: .now)
        directory = try KeyDirectory(
            keyring, options, headers,
            receivers: try ReceiverRules(options, in: site, keyring, at: .now), at: .now, wraps: false)
        try directory.check(options.manifest.baseKey, has: options.expectedBaseKeyCheckValue)
        try directory.check(options.manifest.protectionKey, has: options.expectedProtectionKeyCheckValue)
    }

    /// Reads the whole manifest.
    public func run(manifest descriptor: Int32, progress: @escaping (RunProgress) -> Void) throws -> CheckReport {
        let checked = try CheckPass(options: options.manifest, site: site, interruption: interruption)
            .run(descriptor, directory, progress: progress)
        try checked.result.check(expected: options.expectedManifestDigest)
        try directory.checkCheckValueOptions(options, baseKeys: Set(checked.pairs.map { Int($0.baseKey) }))
        try directory.check(checked.pairs, headers)
        return CheckReport(checked.result)
    }
}

extension KeyDirectory {
    /// Compares what the keyring says of a key's check value with what is expected.
    func check(_ name: KeyName?, has expected: ExpectedCheckValue?) throws {
        guard let expected, let entry = entries.first(where: { $0.name == name }) else { return }
        guard expected.matches(hexadecimal: entry.checkValue) else {
            throw ProvisioningError.refused(
                "key '\(entry.name)': expected check value \(expected), found \(entry.checkValue)")
        }
    }
}
