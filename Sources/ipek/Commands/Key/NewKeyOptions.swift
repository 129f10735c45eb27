import ArgumentParser
import PaymentCrypto

/// What the header of a new key says.
struct NewKeyOptions: ParsableArguments {
    @Option(name: .customLong("mode-of-use"), help: "What the key may do (default: the usage's own mode).")
    var modeOfUse: ModeOfUse?

    @Option(help: "Whether it may be exported: N, S or E (default: N).")
    var exportability: Exportability?

    @Option(
        name: .customLong("key-version"), help: "Two digits or letters (default: 00, not used).",
        transform: Arguments.keyVersion)
    var keyVersion: KeyVersionNumber?

    @Option(
        name: .customLong("optional-block"), help: "An optional block of the header, such as a BDK's BI; repeatable.",
        transform: Arguments.optionalBlock)
    var optionalBlocks: [OptionalBlock] = []

    var isEmpty: Bool { modeOfUse == nil && exportability == nil && keyVersion == nil && optionalBlocks.isEmpty }

    func validate() throws {
        for (index, block) in optionalBlocks.enumerated() {
            guard !optionalBlocks[..<index].contains(where: { $0.id == block.id }) else {
                throw ValidationError("--optional-block: \(block.id) was given twice")
            }
        }
    }

    /// The header in the form that the keyring keeps.
    ///
    /// What no importer would take, and an optional block that breaks its own rules, is refused before anybody has
    /// typed a key; what else is odd is said.
    ///
    /// - Parameter earlier: the header that a component of the same key came with; what is not given is taken from it.
    func header(
        usage: KeyUsage, algorithm: KeyAlgorithm, over earlier: KeyBlockHeader? = nil, keeper: inout KeyKeeper
    ) throws -> KeyBlockHeader {
        let header = KeyBlockHeader(
            version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(algorithm),
            modeOfUse: modeOfUse ?? earlier?.modeOfUse,
            keyVersion: keyVersion ?? earlier?.keyVersion ?? .notUsed,
            exportability: exportability ?? earlier?.exportability ?? .none,
            optionalBlocks: optionalBlocks.isEmpty ? earlier?.optionalBlocks ?? [] : optionalBlocks)
        for deviation in try Self.deviations(of: header, algorithm: algorithm) {
            let isRefused = deviation.severity >= (deviation.block == nil ? .always : .strictOnly)
            guard !isRefused else { throw CommandFailure(.usage, "\(deviation)") }
            keeper.say(deviation)
        }
        return header
    }

    /// What is odd about a key block with this header, tried on a key that is thrown away.
    private static func deviations(
        of header: KeyBlockHeader, algorithm: KeyAlgorithm
    ) throws -> [KeyBlockDeviation] {
        let key = try SymmetricKey.random(algorithm)
        let protectionKey = try SymmetricKey.random(.aes256)
        do throws(KeyBlockError) {
            return try UnverifiedKeyBlock(KeyBlock.wrap(key, header: header, under: protectionKey)).deviations
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }
}
