public import Facility
public import PaymentCrypto

/// How a manifest is to be read.
public struct ManifestOptions: Sendable {
    /// What messages call it: the path as given, or `-`.
    public var name: String
    /// The key for rows that name none.
    public var baseKey: KeyName?
    /// The wrapping key for rows that name none.
    public var protectionKey: KeyName?
    /// Columns that have other names.
    public var mappings: [ColumnMapping<ManifestColumn>] = []
    /// How short key serial numbers are completed.
    public var padding = KSNPadding.none
    /// Why numbers are issued again to the devices that have them; nil: none is.
    public var again: String?
    /// Whether every fault is printed, or the first hundred.
    public var showsAllFaults = false
    /// How many workers there are.
    public var jobs = 1
    /// How many devices a chunk has.
    public var chunkCapacity = 4_096

    /// Options for a manifest that messages call `name`.
    public init(name: String) {
        self.name = name
    }
}

/// What a run is to make.
public struct ProvisionOptions: Sendable {
    /// How the manifest is read.
    public var manifest: ManifestOptions
    /// The folder that is made.
    public var output: String
    /// How the initial keys travel.
    public var transport = RunTransport.keyBlocks
    /// How key blocks, tokens or cryptograms are laid out.
    public var layout = Layout.files
    /// Whether good rows are provisioned although others are bad.
    public var keepsGoing = false
    /// The header of the initial keys.
    public var header = HeaderOptions()
    /// The header profile for rows that name none; nil: the site's own choice.
    public var profile: KeyName?
    /// Nil: legacy for TDES, CMAC for AES.
    public var checkValueMethod: CheckValueMethod?
    /// Nil: as long as the method allows.
    public var checkValueByteCount: Int?
    /// Who encrypts under TDES keys in this process's memory, for key blocks.
    public var tdesEngine = TDESEngine.auto
    /// What `--bdk` must have as check value.
    public var expectedBaseKeyCheckValue: ExpectedCheckValue?
    /// What `--kbpk` must have as check value.
    public var expectedProtectionKeyCheckValue: ExpectedCheckValue?
    /// What the manifest's SHA-256 must be.
    public var expectedManifestDigest: SHA256Digest?
    /// Who runs it.
    public var operators: [String] = []
    /// What they want to remember.
    public var note: String?
    /// The version of the program, for the record.
    public var toolVersion: String

    /// Options for a run that writes `output`.
    public init(manifest: ManifestOptions, output: String, toolVersion: String) {
        self.manifest = manifest
        self.output = output
        self.toolVersion = toolVersion
    }
}
