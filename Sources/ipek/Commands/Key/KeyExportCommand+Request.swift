import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

extension KeyExportCommand {
    /// A request says it all, but for which revocation lists there are and what its writer cannot know.
    func validateRequest() throws {
        guard name == nil, serialNumber == nil, padding == nil, profile == nil, form.isOpenToRequest else {
            throw ValidationError(
                "--cli-input-json says which key leaves and how: expected beside it only revocation lists,"
                    + " --tr34-profile, --allow-exportable, --no-ksn-block and --expect-kcv")
        }
        var open = try header.options()
        (open.allowsExportable, open.serialNumberBlock) = (false, nil)
        guard open.isEmpty else {
            throw ValidationError("--cli-input-json says what the header is: expected no header options beside it")
        }
    }

    func options(of file: String) throws -> KeyExportOptions {
        let request: ExportKeyRequest
        do {
            request = try ExportKeyRequest(InputFile.read(file, maximumByteCount: 1 << 20))
        } catch let error as RequestError {
            throw CommandFailure(.badInput, at: file, "\(error)")
        }
        try form.publicKey.checkBesideRequest(for: request.material.transport)
        try check(request, file)
        var options = KeyExportOptions(key: request.key, by: try route(request.material))
        options.header = try header(of: request, file)
        (options.header.allowsExportable, options.header.serialNumberBlock) = (header.allowExportable, header.ksnBlock)
        options.serialNumber = request.serialNumber
        (options.expectedCheckValue, options.checkValueMethod) = (expectedCheckValue, request.checkValueMethod)
        return options
    }

    /// A check value that cannot be told is refused before the key is looked for in vain.
    private func check(_ request: ExportKeyRequest, _ file: String) throws {
        guard request.checkValueMethod == .legacy,
            let entry = try? global.readSite().keyring().entry(request.key), !entry.algorithm.isTDES
        else { return }
        let fault = RequestError.value(
            path: "ExportAttributes.KeyCheckValueAlgorithm", expected: "CMAC, since the key is an AES key",
            found: "'ANSI_X9_24'")
        throw CommandFailure(.badInput, at: file, "\(fault)")
    }

    /// The header without a block KS or IK that says what it will have anyway.
    private func header(of request: ExportKeyRequest, _ file: String) throws -> HeaderOptions {
        var options = request.header
        guard let text = request.serialNumber else { return options }
        for block in options.optionalBlocks where OptionalBlockOption.serialNumbers.contains(block.id) {
            let family = block.id == .initialKeyID ? DUKPTFamily.aes : .tdes
            let expected = (try? KeySerialNumber(text, family: family)).map { Self.value($0, family) }
            guard let expected, block.constantValue?.uppercased() == expected else {
                let fault = RequestError.value(
                    path: "KeyMaterial.\(request.material.member).KeyBlockHeaders.OptionalBlocks.\(block.id)",
                    expected: expected ?? "no such block for this key serial number",
                    found: "'\(ShownText.line(block.constantValue ?? "none"))'")
                throw CommandFailure(.badInput, at: file, "\(fault)")
            }
        }
        options.optionalBlocks.removeAll { OptionalBlockOption.serialNumbers.contains($0.id) }
        return options
    }

    /// As the block KS or IK has it: of an AES key the initial key ID alone.
    private static func value(_ number: KeySerialNumber, _ family: DUKPTFamily) -> String {
        let text = "\(number.initial)"
        return family == .aes ? String(text.prefix(16)) : text
    }

    private func route(_ material: ExportKeyRequest.Material) throws -> ExportRoute {
        let publicKey = form.publicKey
        switch material {
        case .keyBlock(let name): return .keyBlock(under: name)
        case .tr34(let material):
            let key: TokenSigner.Key =
                material.isExportToken ? .exchange(material.signingKey) : .named(material.signingKey)
            var signer = TokenSigner(key, profile: publicKey.profile ?? .aws2012)
            signer.certificate = material.signingCertificate
            signer.revocationLists = try publicKey.readSignerRevocationLists()
            let trust = CertificateTrust(
                .enrolled(material.authority),
                revocation: try PublicKeyArguments.revocation(publicKey.receiverRevocationList))
            var route = TokenRoute(to: material.recipient, trust: trust, signer: signer)
            route.nonce = material.nonce
            return .token(route)
        case .cryptogram(let material):
            let trust = CertificateTrust(
                .enrolled(material.authority), revocation: try PublicKeyArguments.revocation(publicKey.revocationList))
            return .cryptogram(CryptogramRoute(to: material.recipient, trust: trust, hash: material.hash))
        }
    }
}
