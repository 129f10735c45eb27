import PaymentCrypto

/// What rows are held against whose keys travel under the certificates of their devices.
///
/// Made by whoever knows the anchors and the folder; rows hand in the text of their cells.
struct ReceiverRules: Sendable {
    /// Whether a row may have a nonce.
    var takesNonce: Bool
    /// Whether a header travels with the key.
    var carriesHeader: Bool
    /// Reads the file that a cell names and checks the certificate in it; many threads ask at once.
    var read: @Sendable (UnsafeBufferPointer<UInt8>) -> Result<Certificate, CertificateFault>

    /// The columns of a manifest that this transport has no use for.
    func unusedColumns(of header: ManifestHeader) -> [HeaderRemark] {
        let positions = header.positions
        let unused =
            [(ManifestColumn.protectionKey, positions.protectionKey)]
            + (carriesHeader ? [] : [(.label, positions.label), (.keyVersion, positions.keyVersion)])
        let names = unused.filter { $0.1 >= 0 }.map { "'\($0.0.rawValue)'" }
        guard !names.isEmpty else { return [] }
        let transport = takesNonce ? "tr34" : "rsa-oaep"
        let message = "not used with --transport \(transport): \(names.joined(separator: ", "))"
        return [HeaderRemark(message: message)]
    }
}

/// What is wrong with a row's certificate, or with the file that should have it.
struct CertificateFault: Error, Equatable, Sendable {
    /// Expected and found.
    var message: String
    /// What to do about it.
    var hint: String?
}
