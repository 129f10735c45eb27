import ArgumentParser
import Facility
import PaymentCrypto

/// The algorithm of any key that a site can have.
enum AnyKeyAlgorithm: ExpressibleByArgument, Equatable {
    case symmetric(KeyAlgorithm)
    case rsa(RSAKeySize)

    /// One of the names below.
    init?(argument: String) {
        if let algorithm = KeyAlgorithm(rawValue: argument) {
            self = .symmetric(algorithm)
        } else if let size = RSAKeySize(rawValue: argument) {
            self = .rsa(size)
        } else {
            return nil
        }
    }

    /// Every name.
    static var allValueStrings: [String] {
        KeyAlgorithm.allCases.map(\.rawValue) + RSAKeySize.allCases.map(\.rawValue)
    }
}

/// What any key that a site can have is for.
enum AnyKeyUsage: Equatable {
    case symmetric(KeyUsage)
    case rsa(RSAKeyUsage)

    static let help: ArgumentHelp =
        "What it is for: bdk, initial-key, kek, kbpk, or any two-character usage of X9.143; RSA: sign or key-transport."
}

/// A usage and an algorithm that go together.
enum AnyKeyKind {
    case symmetric(KeyUsage, KeyAlgorithm)
    case rsa(RSAKeyUsage, RSAKeySize)

    init(_ usage: AnyKeyUsage, _ algorithm: AnyKeyAlgorithm) throws {
        switch (usage, algorithm) {
        case (.symmetric(let usage), .symmetric(let algorithm)): self = .symmetric(usage, algorithm)
        case (.rsa(let usage), .rsa(let size)): self = .rsa(usage, size)
        case (_, .rsa(let size)):
            throw ValidationError("--algorithm \(size.rawValue): expected --usage sign or key-transport, found another")
        case (.rsa(let usage), _):
            let sizes = RSAKeySize.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--usage \(usage): expected --algorithm \(sizes), found another")
        }
    }
}

extension Arguments {
    /// A usage of either kind of key.
    static func anyKeyUsage(_ text: String) throws -> AnyKeyUsage {
        if let usage = RSAKeyUsage(rawValue: text) { return .rsa(usage) }
        return .symmetric(try keyUsage(text))
    }
}
