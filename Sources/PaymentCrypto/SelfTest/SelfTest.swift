/// Known answers that are computed at every start, before anything else: a build or a library that gives others must
/// not touch a key.
///
/// Every key of a known answer is a published or an invented test key. The fast engine is compared with OpenSSL on
/// random ones.
public enum SelfTest {
    /// One known answer and whether this build gives it.
    public struct Outcome: Sendable, Equatable {
        /// What was computed.
        public let name: String
        /// Whether it came out as expected.
        public let passed: Bool
    }

    /// Computes every known answer; takes a few milliseconds.
    public static func run() -> [Outcome] {
        derivations + checkValues + keyBlocks + EngineAgreement.outcomes
    }

    private static var derivations: [Outcome] {
        DerivationAnswer.all.map { answer in
            Outcome(name: "\(answer.algorithm.reportName) initial key", passed: answer.holds)
        }
    }

    private static var checkValues: [Outcome] {
        CheckValueAnswer.all.map { answer in
            Outcome(
                name: "\(answer.algorithm.reportName) check value, \(answer.method.reportName)", passed: answer.holds)
        }
    }

    private static var keyBlocks: [Outcome] {
        KeyBlockAnswer.all.flatMap { answer in
            [
                Outcome(name: "key block version \(answer.version), made", passed: answer.isMade),
                Outcome(name: "key block version \(answer.version), opened", passed: answer.isOpened),
                Outcome(name: "key block version \(answer.version), altered and refused", passed: answer.isRefused),
            ]
        }
    }
}

extension SymmetricKey {
    /// A published test key from its hexadecimal digits; nil where their number does not suit the algorithm.
    init?(testKey digits: StaticString, _ algorithm: KeyAlgorithm) {
        guard let bytes = Hexadecimal.bytes(digits.description), bytes.count == algorithm.byteCount else { return nil }
        self.init(algorithm: algorithm) { memory in bytes.withUnsafeBytes { memory.copyMemory(from: $0) } }
    }
}
