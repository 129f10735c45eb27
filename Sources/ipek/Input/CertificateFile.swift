import Facility
import FoundationEssentials
import PaymentCrypto
import Provisioning

/// A file with certificates: PEM, DER, Base64 of PEM, or JSON as the AWS command line prints it.
struct CertificateFile {
    private let name: String
    private let leaves: [Certificate]
    private let issuers: [Certificate]

    /// Reads the whole file; `-` is standard input.
    init(_ path: String) throws {
        name = path
        let content = try KeyMaterialFile.read(path)
        guard content.first(where: { !$0.isBlank }) == UInt8(ascii: "{") else {
            (leaves, issuers) = (try Self.bundle(content, path), [])
            return
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(content)),
            let certificate = document.certificate
        else {
            throw CommandFailure(
                .badInput, at: path,
                "expected KeyCertificate, SigningKeyCertificate or WrappingKeyCertificate in the JSON document")
        }
        leaves = try Self.bundle(Array(certificate.utf8), path)
        issuers = try document.chain.map { try Self.bundle(Array($0.utf8), path) } ?? []
    }

    /// Every certificate.
    func all() -> [Certificate] { leaves + issuers }

    /// The certificate of a key alone: the only one of a PEM file, the first member of a JSON document.
    func certificate() throws -> Certificate {
        guard leaves.count == 1, let certificate = leaves.first else {
            throw CommandFailure(.badInput, at: name, "expected one certificate, found \(leaves.count)")
        }
        return certificate
    }

    /// Those of CAs: all of a PEM file, the chain of a JSON document.
    func authorities() -> [Certificate] { issuers.isEmpty ? leaves : issuers }

    private static func bundle(_ content: [UInt8], _ path: String) throws -> [Certificate] {
        try CertificateRefusal.naming(path) { try Certificate.bundle(content) }
    }

    /// What get-public-key-certificate, get-parameters-for-export and get-parameters-for-import give.
    private struct Document: Decodable {
        var keyCertificate: String?
        var keyCertificateChain: String?
        var signingKeyCertificate: String?
        var signingKeyCertificateChain: String?
        var wrappingKeyCertificate: String?
        var wrappingKeyCertificateChain: String?

        enum CodingKeys: String, CodingKey {
            case keyCertificate = "KeyCertificate"
            case keyCertificateChain = "KeyCertificateChain"
            case signingKeyCertificate = "SigningKeyCertificate"
            case signingKeyCertificateChain = "SigningKeyCertificateChain"
            case wrappingKeyCertificate = "WrappingKeyCertificate"
            case wrappingKeyCertificateChain = "WrappingKeyCertificateChain"
        }

        var certificate: String? { keyCertificate ?? signingKeyCertificate ?? wrappingKeyCertificate }
        var chain: String? { keyCertificateChain ?? signingKeyCertificateChain ?? wrappingKeyCertificateChain }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}

/// A certificate that cannot be taken, with the file that it came from.
struct CertificateRefusal: ExplainedError {
    let file: String
    let error: FacilityError

    var status: ExitStatus { error.status }

    var messages: [Message] {
        error.messages.map { Message($0.message, severity: $0.severity, file: file, hint: $0.hint) }
    }

    /// Names the file where `body` refuses what is in it.
    static func naming<R>(_ file: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as CertificateError {
            throw CertificateRefusal(file: file, error: .certificate(error))
        } catch let error as FacilityError {
            switch error {
            case .certificate, .chain: throw CertificateRefusal(file: file, error: error)
            default: throw error
            }
        }
    }
}
