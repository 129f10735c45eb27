internal import CPKCS11

/// Reads the attributes of one object, one at a time: a token that does not know one gives the others all the same.
struct ObjectAttributes {
    let token: Token
    let object: CK_OBJECT_HANDLE

    /// Nil where the token has no such attribute, or hides it.
    func flag(_ attribute: UInt) throws(CallFailure) -> Bool? {
        try bytes(attribute).flatMap { $0.count == MemoryLayout<CK_BBOOL>.size ? $0[0] != 0 : nil }
    }

    /// Nil where the token has no such attribute, or hides it.
    func number(_ attribute: UInt) throws(CallFailure) -> CK_ULONG? {
        try bytes(attribute).flatMap { bytes in
            bytes.count == MemoryLayout<CK_ULONG>.size
                ? bytes.withUnsafeBytes { $0.loadUnaligned(as: CK_ULONG.self) } : nil
        }
    }

    /// Nil where the token has no such attribute, or hides it, or has an absurd one.
    func bytes(_ attribute: UInt) throws(CallFailure) -> [UInt8]? {
        do throws(CallFailure) {
            guard let count = try read(attribute, into: nil), count <= 4096 else { return nil }
            var value = [UInt8](repeating: 0, count: count)
            guard count > 0 else { return value }
            // A token may withdraw a value between the two calls; the zeros are none.
            return try read(attribute, into: &value).map { Array(value.prefix($0)) }
        } catch {
            guard error.isAboutAnAttribute else { throw error }
            return nil
        }
    }

    /// How many bytes the value has, or nil where there is none.
    private func read(_ attribute: UInt, into value: UnsafeMutableRawBufferPointer?) throws(CallFailure) -> Int? {
        var template = CK_ATTRIBUTE(
            type: CK_ATTRIBUTE_TYPE(attribute), pValue: value?.baseAddress, ulValueLen: CK_ULONG(value?.count ?? 0))
        try token.call { session throws(CallFailure) in
            try token.module.call("C_GetAttributeValue") {
                $0.pointee.C_GetAttributeValue?(session, object, &template, 1)
            }
        }
        // CK_UNAVAILABLE_INFORMATION is all ones, which is no Int.
        return Int(exactly: template.ulValueLen)
    }

    private func read(_ attribute: UInt, into value: inout [UInt8]) throws(CallFailure) -> Int? {
        let outcome = value.withUnsafeMutableBytes { bytes in
            Result { () throws(CallFailure) in try read(attribute, into: bytes) }
        }
        return try outcome.get()
    }
}
