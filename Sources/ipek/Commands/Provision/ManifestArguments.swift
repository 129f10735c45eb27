import ArgumentParser
import Facility
import Glibc
import PaymentCrypto
import Provisioning

/// What `check` and `provision` are told of a manifest and of what is to be made of it.
struct ManifestArguments: ParsableArguments {
    @Argument(help: "The manifest, a CSV file; - reads standard input.")
    var manifest: String

    @Option(help: "The base derivation key, for rows that name none.", transform: Arguments.keyName)
    var bdk: KeyName?

    @Option(help: "The wrapping key, for rows that name none.", transform: Arguments.keyName)
    var kbpk: KeyName?

    @Option(
        help: "The header profile, for rows that name none (default: the site's defaultProfile, if it has one).",
        transform: Arguments.keyName)
    var profile: KeyName?

    @Option(help: "The folder to make; it must not exist.")
    var output: String?

    @Option(help: "One file per device, or one CSV or JSON Lines file: files, csv or jsonl.")
    var layout = Layout.files

    @Option(help: "How the keys travel: tr31, tr34 or rsa-oaep; the last two under each row's certificate.")
    var transport = KeyTransport.tr31

    @Option(help: "How many workers there are (default: one for each core).")
    var jobs: Int?

    @Flag(name: .customLong("keep-going"), help: "Provision the good rows, and write the bad ones to rejected.csv.")
    var keepGoing = false

    @Flag(help: "Print every fault, not the first \(DiagnosticList.defaultLimit).")
    var all = false

    @Option(
        help: "A column that the manifest calls by another name, as ours=theirs; repeatable.",
        transform: Arguments.columnMapping)
    var map: [ColumnMapping<ManifestColumn>] = []

    @Option(
        name: .customLong("ksn-padding"),
        help: "left-f takes exactly 16 digits as an 8-byte KSN with its counter and puts FFFF in front: none or left-f."
    )
    var ksnPadding = KSNPadding.none

    @Option(
        name: .customLong("expect-bdk-kcv"),
        help: "The BDK's check value, 4 to 10 digits; anything else stops the run.",
        transform: Arguments.expectedCheckValue)
    var expectBDKCheckValue: ExpectedCheckValue?

    @Option(
        name: .customLong("expect-kbpk-kcv"), help: "The wrapping key's check value, likewise.",
        transform: Arguments.expectedCheckValue)
    var expectKBPKCheckValue: ExpectedCheckValue?

    @Option(
        name: .customLong("expect-manifest-sha256"), help: "The manifest's SHA-256; anything else stops the run.",
        transform: Arguments.digest)
    var expectManifestDigest: SHA256Digest?

    @Option(
        name: .customLong("kcv-algorithm"),
        help: "The report's check values: legacy or cmac (default: legacy for TDES, cmac for AES).")
    var checkValueMethod: CheckValueMethod?

    @Option(name: .customLong("kcv-bytes"), help: "Their length: legacy 2 to 3 (default 3), cmac 3 to 5 (default 5).")
    var checkValueByteCount: Int?

    @Option(
        name: .customLong("tdes-engine"),
        help: "Who encrypts under TDES keys that are not in a token, for key blocks: auto, fast or openssl.")
    var tdesEngine = TDESEngine.auto

    @Option(
        help: "Issue numbers again to the devices that have them, for this reason; a second operator in production.",
        transform: Arguments.reason)
    var again: String?

    @Option(help: "What is to be remembered of the run; recorded.")
    var note: String?

    func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) {
            throw ValidationError("--jobs: expected 1 to 1024, found \(jobs)")
        }
        if expectBDKCheckValue != nil, bdk == nil {
            throw ValidationError("--expect-bdk-kcv: is about the key of --bdk, which is missing")
        }
        if expectKBPKCheckValue != nil, kbpk == nil {
            throw ValidationError("--expect-kbpk-kcv: is about the key of --kbpk, which is missing")
        }
        let permitted = checkValueMethod?.permittedByteCounts ?? 2...5
        if let checkValueByteCount, !permitted.contains(checkValueByteCount) {
            throw ValidationError(
                "--kcv-bytes: expected \(permitted.lowerBound) to \(permitted.upperBound), found \(checkValueByteCount)"
            )
        }
        for (index, mapping) in map.enumerated() where map[..<index].contains(where: { $0.ours == mapping.ours }) {
            throw ValidationError("--map: column \(mapping.ours.rawValue) is given twice")
        }
    }

    var manifestOptions: ManifestOptions {
        var options = ManifestOptions(name: manifest)
        (options.baseKey, options.protectionKey) = (bdk, kbpk)
        (options.mappings, options.padding, options.showsAllFaults) = (map, ksnPadding, all)
        options.again = again
        options.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return options
    }

    /// What was typed, resolved; `header` comes from its own group of options.
    func provisionOptions(_ header: HeaderOptions, _ transport: RunTransport) -> ProvisionOptions {
        var options = ProvisionOptions(
            manifest: manifestOptions, output: output ?? "", toolVersion: Ipek.version)
        (options.layout, options.keepsGoing, options.header) = (layout, keepGoing, header)
        options.transport = transport
        (options.checkValueMethod, options.checkValueByteCount) = (checkValueMethod, checkValueByteCount)
        options.expectedBaseKeyCheckValue = expectBDKCheckValue
        options.expectedProtectionKeyCheckValue = expectKBPKCheckValue
        options.expectedManifestDigest = expectManifestDigest
        (options.note, options.profile, options.tdesEngine) = (note, profile, tdesEngine)
        return options
    }
}

extension ManifestArguments {
    /// Refuses what does not belong to the transport, and misses what it needs.
    func check(_ publicKeys: PublicKeyArguments, _ header: HeaderArguments) throws {
        try publicKeys.check(for: transport, naming: "--transport ")
        guard transport != .tr31 else { return }
        if kbpk != nil { throw ValidationError("--kbpk belongs to --transport tr31") }
        if header.keyBlockVersion != nil { throw ValidationError("--key-block-version belongs to --transport tr31") }
        if header.lengthObfuscation != nil {
            throw ValidationError("--length-obfuscation and --no-length-obfuscation belong to --transport tr31")
        }
        guard transport == .rsaOAEP, !header.isEmpty || profile != nil else { return }
        throw ValidationError("a cryptogram carries no header: expected no header options and no --profile")
    }

    /// How the keys travel, with the files read that say to whom.
    func runTransport(_ publicKeys: PublicKeyArguments, _ keyring: Keyring) throws -> RunTransport {
        switch transport {
        case .tr31: .keyBlocks
        case .tr34: .tokens(try publicKeys.signer(), try publicKeys.trust(for: .tr34, keyring: keyring))
        case .rsaOAEP:
            .cryptograms(publicKeys.hash ?? .sha256, try publicKeys.trust(for: .rsaOAEP, keyring: keyring))
        }
    }
}
