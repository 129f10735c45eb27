internal import CPKCS11
internal import PaymentCrypto

/// The calls on a key: each takes a session, begins, does its work, and gives the session back.
extension TokenKey {
    /// Encrypts in place, which PKCS#11 allows (2.40, 5.8).
    func encrypt(
        _ bytes: UnsafeMutableRawBufferPointer, _ mechanism: Mechanism,
        parameter: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) throws(CallFailure) {
        try transform(bytes, mechanism, parameter, decrypting: false)
    }

    /// Decrypts in place.
    func decrypt(
        _ bytes: UnsafeMutableRawBufferPointer, _ mechanism: Mechanism,
        parameter: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) throws(CallFailure) {
        try transform(bytes, mechanism, parameter, decrypting: true)
    }

    private func transform(
        _ bytes: UnsafeMutableRawBufferPointer, _ mechanism: Mechanism, _ parameter: UnsafeRawBufferPointer,
        decrypting: Bool
    ) throws(CallFailure) {
        let module = token.module
        let start = bytes.bindMemory(to: CK_BYTE.self).baseAddress
        let count = CK_ULONG(bytes.count)
        var written = count
        try token.call { session throws(CallFailure) in
            var mechanism = Self.mechanism(mechanism, parameter)
            if decrypting {
                try module.call("C_DecryptInit") { $0.pointee.C_DecryptInit?(session, &mechanism, handle) }
                try module.call("C_Decrypt") { $0.pointee.C_Decrypt?(session, start, count, start, &written) }
            } else {
                try module.call("C_EncryptInit") { $0.pointee.C_EncryptInit?(session, &mechanism, handle) }
                try module.call("C_Encrypt") { $0.pointee.C_Encrypt?(session, start, count, start, &written) }
            }
        }
        guard written == count else {
            throw CallFailure(decrypting ? "C_Decrypt" : "C_Encrypt", CK_RV(CKR_DEVICE_ERROR))
        }
    }

    /// Writes a MAC of exactly the length that is asked for.
    func sign(
        _ message: UnsafeRawBufferPointer, _ mechanism: Mechanism, into mac: UnsafeMutableRawBufferPointer
    ) throws(CallFailure) {
        let written = try token.sign(message, mechanism, with: handle, into: mac)
        guard written == mac.count else { throw CallFailure("C_Sign", CK_RV(CKR_DEVICE_ERROR)) }
    }

    /// What a failed call means to the engine's caller.
    func engineError(_ failure: CallFailure) -> EngineError {
        failure.isRefusal
            ? EngineError(
                .notPermitted("token '\(token.name)' refuses that use of key '\(name)'"), detail: "\(failure)")
            : token.engineError(failure)
    }

    private static func mechanism(_ mechanism: Mechanism, _ parameter: UnsafeRawBufferPointer) -> CK_MECHANISM {
        CK_MECHANISM(
            mechanism: mechanism.type, pParameter: UnsafeMutableRawPointer(mutating: parameter.baseAddress),
            ulParameterLen: CK_ULONG(parameter.count))
    }
}

extension Token {
    /// Signs or authenticates in one call and returns how many bytes that gave.
    func sign(
        _ message: UnsafeRawBufferPointer, _ mechanism: Mechanism, with key: CK_OBJECT_HANDLE,
        into signature: UnsafeMutableRawBufferPointer
    ) throws(CallFailure) -> Int {
        // C takes a pointer that it could write through, but does not.
        let text = UnsafeMutablePointer(mutating: message.bindMemory(to: CK_BYTE.self).baseAddress)
        let start = signature.bindMemory(to: CK_BYTE.self).baseAddress
        var written = CK_ULONG(signature.count)
        try call { session throws(CallFailure) in
            var mechanism = CK_MECHANISM(mechanism: mechanism.type, pParameter: nil, ulParameterLen: 0)
            try module.call("C_SignInit") { $0.pointee.C_SignInit?(session, &mechanism, key) }
            try module.call("C_Sign") { $0.pointee.C_Sign?(session, text, CK_ULONG(message.count), start, &written) }
        }
        return Int(clamping: written)
    }

    func engineError(_ failure: CallFailure) -> EngineError {
        EngineError(.tokenUnavailable("token '\(name)' cannot be used"), detail: "\(failure)")
    }
}
