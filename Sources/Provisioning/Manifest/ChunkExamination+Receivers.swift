import PaymentCrypto

/// The certificate of the row under examination, with what the duplicate check and the second pass need of it.
struct ExaminedReceiver {
    var certificate: Certificate
    var key: UInt64
    var check: UInt64
    /// Stands for the device_id; nil where that is bad.
    var owner: UInt64?
    /// What the row adds to ``DeviceColumns/receiverSum``.
    var share: UInt64
}

/// The rules for the columns `certificate` and `nonce`, for transports to the public key of each device.
extension ChunkExamination {
    mutating func receiver(
        _ row: Int, _ positions: ManifestHeader.Positions, quantity: Int, into values: inout RowValues
    ) {
        guard let rules = validator.keys.receivers else { return }
        if quantity > 1 {
            report(row, .quantity, "expected one device, since a certificate serves one device_id, found \(quantity)")
        } else {
            certificate(row, positions, rules, values)
        }
        nonce(row, positions, rules, into: &values)
        guard !rules.carriesHeader, cell(row, positions.profile) != nil else { return }
        report(row, .profile, "expected none, since an RSA-OAEP cryptogram carries no header")
    }

    private mutating func certificate(
        _ row: Int, _ positions: ManifestHeader.Positions, _ rules: ReceiverRules, _ values: RowValues
    ) {
        guard let cell = cell(row, positions.certificate) else {
            report(row, .certificate, "expected the device's certificate file, found none")
            return
        }
        switch rules.read(cell) {
        case .failure(let fault): report(row, .certificate, fault.message, hint: fault.hint)
        case .success(let certificate):
            receiver = examined(certificate, values, line: chunk.rows[row].line)
            if let refusal = strengthRefusal(certificate, values) { report(row, .certificate, refusal) }
        }
    }

    /// What RSA of this size may not carry.
    ///
    /// A key that no RSA key may carry is the base key's own fault.
    private func strengthRefusal(_ certificate: Certificate, _ values: RowValues) -> String? {
        guard values.baseKey >= 0 else { return nil }
        let algorithm = validator.keys.baseKeys[Int(values.baseKey)].algorithm
        let bitCount = certificate.publicKey.bitCount
        guard !KeyStrength.permits(wrapping: algorithm, underRSA: bitCount) else { return nil }
        return "expected RSA-3072 or more for the key of \(algorithm.reportName), found RSA-\(bitCount)"
    }

    private mutating func nonce(
        _ row: Int, _ positions: ManifestHeader.Positions, _ rules: ReceiverRules, into values: inout RowValues
    ) {
        guard rules.takesNonce else {
            if cell(row, positions.nonce) != nil {
                report(row, .nonce, "expected none, since an RSA-OAEP cryptogram carries no nonce")
            }
            return
        }
        values.nonce = text(row, positions.nonce, .nonce, CellGrammar.nonceFault)
    }

    private func examined(_ certificate: Certificate, _ values: RowValues, line: Int) -> ExaminedReceiver {
        let (hashing, digest) = (validator.hashing, certificate.sha256)
        return ExaminedReceiver(
            certificate: certificate, key: hashing.certificateKey(digest), check: hashing.certificateCheck(digest),
            owner: owner(values), share: hashing.share(digest, line: line))
    }

    /// Stands for the row's device_id without its slot.
    private func owner(_ values: RowValues) -> UInt64? {
        guard let pattern = values.pattern else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DeviceColumns.identifierStride) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let name = UnsafeBufferPointer(start: start, count: pattern.write(values.identifier, ordinal: 1, to: start))
            return validator.hashing.identifierKey(DuplicateHashing.fold(name, into: columns.folded))
        }
    }

    // MARK: Duplicates

    /// Sets the key of a device that has a certificate.
    func setReceiverKeys(
        _ device: Int, _ values: RowValues, _ findings: DuplicateFindings?, _ flags: inout DuplicateFlags
    ) {
        if let receiver, receiver.owner != nil {
            columns.certificateKeys[device] = receiver.key
            flags.insert(.hasCertificate)
            if let findings, findings.certificates.hasCandidate(receiver.key) { flags.insert(.certificateIsCandidate) }
        }
    }

    /// Whether another device has the row's certificate.
    ///
    /// The row's line alone does not tell: of a device with two slots, only the first was there to be compared.
    func sharesCertificate(_ findings: DuplicateFindings, line: Int) -> Bool {
        otherCertificateLine(findings, line) != nil
    }

    func reportReceiverDuplicates(_ row: Int, _ values: RowValues, _ findings: DuplicateFindings, _ line: Int) {
        if let other = otherCertificateLine(findings, line) {
            report(
                row, .certificate, "same certificate as on line \(other), which is another device",
                hint: "each device has a key pair of its own")
        }
    }

    private func otherCertificateLine(_ findings: DuplicateFindings, _ line: Int) -> Int? {
        guard let receiver, let owner = receiver.owner else { return nil }
        return findings.certificates.otherLine(receiver.key, check: receiver.check, owner: owner, line: line)
    }
}
