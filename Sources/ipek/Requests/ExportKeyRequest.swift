import Facility
import FoundationEssentials
import PaymentCrypto

/// What `aws payment-cryptography export-key` is asked for, with names of this site where AWS has ARNs or aliases.
///
/// See the ExportKey operation in AWS's API reference.
struct ExportKeyRequest {
    /// How the key is to leave.
    enum Material {
        case keyBlock(under: KeyName)
        case tr34(TR34Material)
        case cryptogram(CryptogramMaterial)

        /// Its member's name.
        var member: String {
            switch self {
            case .keyBlock: "Tr31KeyBlock"
            case .tr34: "Tr34KeyBlock"
            case .cryptogram: "KeyCryptogram"
            }
        }

        var transport: KeyTransport {
            switch self {
            case .keyBlock: .tr31
            case .tr34: .tr34
            case .cryptogram: .rsaOAEP
            }
        }
    }

    /// The part of a request for a TR-34 token.
    struct TR34Material {
        var authority: KeyName
        var recipient: Certificate
        /// An export token, or a signing key by its name.
        var signingKey: KeyName
        var isExportToken: Bool
        var signingCertificate: Certificate?
        var nonce: TR34Nonce?
    }

    /// The part of a request for a cryptogram.
    struct CryptogramMaterial {
        var authority: KeyName
        var recipient: Certificate
        var hash: OAEPHash
    }

    let key: KeyName
    let material: Material
    let header: HeaderOptions
    let serialNumber: String?
    let checkValueMethod: CheckValueMethod?

    /// Reads a request.
    ///
    /// - Throws: `RequestError` for a member that is missing, not known or has the wrong value.
    init(_ file: [UInt8]) throws {
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(file)) else {
            throw RequestError.notJSON
        }
        var request = try RequestObject(document)
        key = try request.requiredName("ExportKeyIdentifier")
        guard var kinds = try request.object("KeyMaterial") else { throw RequestError.missing("KeyMaterial") }
        (material, header) = try Self.material(&kinds)
        (serialNumber, checkValueMethod) = try Self.attributes(request.object("ExportAttributes"))
        try request.finish()
    }

    private static func material(_ kinds: inout RequestObject) throws -> (Material, HeaderOptions) {
        let found = kinds.names
        guard found.count == 1, let kind = found.first, var body = try kinds.object(kind) else {
            throw RequestError.value(
                path: "KeyMaterial", expected: "one of \(supported)", found: found.isEmpty ? "none" : "several")
        }
        let made: (Material, HeaderOptions) =
            switch kind {
            case "Tr31KeyBlock":
                (.keyBlock(under: try body.requiredName("WrappingKeyIdentifier")), try body.header())
            case "Tr34KeyBlock": (.tr34(try TR34Material(&body)), try body.header())
            case "KeyCryptogram": (.cryptogram(try CryptogramMaterial(&body)), HeaderOptions())
            default:
                throw RequestError.value(path: "KeyMaterial", expected: "one of \(supported)", found: "another one")
            }
        try body.finish()
        return made
    }

    private static let supported = "Tr31KeyBlock, Tr34KeyBlock and KeyCryptogram"

    private static func attributes(_ attributes: RequestObject?) throws -> (String?, CheckValueMethod?) {
        guard var attributes else { return (nil, nil) }
        var serialNumber: String?
        if var dukpt = try attributes.object("ExportDukptInitialKey") {
            serialNumber = try dukpt.requiredText("KeySerialNumber")
            try dukpt.finish()
        }
        let method = try attributes.choice(
            "KeyCheckValueAlgorithm", [("ANSI_X9_24", CheckValueMethod.legacy), ("CMAC", .cmac)])
        try attributes.finish()
        return (serialNumber, method)
    }
}

extension ExportKeyRequest.TR34Material {
    fileprivate init(_ body: inout RequestObject) throws {
        authority = try body.requiredName("CertificateAuthorityPublicKeyIdentifier")
        recipient = try body.certificate("WrappingKeyCertificate")
        _ = try body.choice("KeyBlockFormat", [("X9_TR34_2012", TR34Profile.aws2012)])
        let token = try body.name("ExportToken")
        let identifier = try body.name("SigningKeyIdentifier")
        guard let signer = token ?? identifier, token == nil || identifier == nil else {
            throw RequestError.value(
                path: body.path(of: "ExportToken"), expected: "it, or SigningKeyIdentifier",
                found: token == nil ? "neither" : "both")
        }
        (signingKey, isExportToken) = (signer, token != nil)
        signingCertificate = try body.optionalCertificate("SigningKeyCertificate")
        if let text = try body.text("RandomNonce") {
            guard let value = TR34Nonce(text) else {
                throw RequestError.value(
                    path: body.path(of: "RandomNonce"), expected: "16 to 32 hexadecimal digits", found: "something else"
                )
            }
            nonce = value
        }
    }
}

extension ExportKeyRequest.CryptogramMaterial {
    fileprivate init(_ body: inout RequestObject) throws {
        authority = try body.requiredName("CertificateAuthorityPublicKeyIdentifier")
        recipient = try body.certificate("WrappingKeyCertificate")
        hash =
            try body.choice("WrappingSpec", [("RSA_OAEP_SHA_256", OAEPHash.sha256), ("RSA_OAEP_SHA_512", .sha512)])
            ?? .sha256
    }
}

extension RequestObject {
    /// A name of this site, with or without the `alias/` that AWS writes before one.
    fileprivate mutating func name(_ member: String) throws(RequestError) -> KeyName? {
        guard let text = try text(member) else { return nil }
        let prefix = "alias/"
        guard let name = KeyName(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text) else {
            throw .value(
                path: path(of: member), expected: "the name of a key or certificate of this site",
                found: text.hasPrefix("arn:") ? "an ARN" : "something else")
        }
        return name
    }

    fileprivate mutating func requiredName(_ member: String) throws(RequestError) -> KeyName {
        guard let name = try name(member) else { throw .missing(path(of: member)) }
        return name
    }

    /// One of some words.
    fileprivate mutating func choice<Value>(
        _ member: String, _ choices: [(String, Value)]
    ) throws(RequestError) -> Value? {
        guard let text = try text(member) else { return nil }
        guard let choice = choices.first(where: { $0.0 == text }) else {
            throw .value(
                path: path(of: member), expected: choices.map(\.0).joined(separator: " or "),
                found: "'\(ShownText.line(text))'")
        }
        return choice.1
    }

    /// A certificate as AWS writes it: Base64 of PEM; the first of several is the leaf.
    fileprivate mutating func optionalCertificate(_ member: String) throws(RequestError) -> Certificate? {
        guard let text = try text(member) else { return nil }
        do throws(CertificateError) {
            if let leaf = try Certificate.bundle(Array(text.utf8)).first { return leaf }
        } catch {
            throw .value(path: path(of: member), expected: "a certificate (Base64 of PEM)", found: "\(error)")
        }
        throw .missing(path(of: member))
    }

    fileprivate mutating func certificate(_ member: String) throws(RequestError) -> Certificate {
        guard let certificate = try optionalCertificate(member) else { throw .missing(path(of: member)) }
        return certificate
    }
}
