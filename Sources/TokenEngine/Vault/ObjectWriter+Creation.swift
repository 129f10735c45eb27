internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// C_CreateObject, in the forms that tokens take.
extension ObjectWriter {
    /// Two-key TDES as DES2, or as K1 K2 K1 in DES3 where the token has no DES2.
    func create(_ key: borrowing SymmetricKey, _ part: Part) throws -> CK_OBJECT_HANDLE {
        let attributes = try attributes(of: part, key)
        do throws(CallFailure) {
            return try create(key, attributes)
        } catch {
            guard key.algorithm == .tdes2Key, error.isAboutTheTemplate || error.isRefusal else {
                throw explained(error, part)
            }
        }
        do throws(CallFailure) {
            return try create(key.expanded(), attributes)
        } catch {
            throw explained(error, part)
        }
    }

    /// With the check value, which makes a token compare it with its own, or without where it knows no such attribute.
    private func create(
        _ key: borrowing SymmetricKey, _ attributes: Attributes
    ) throws(CallFailure) -> CK_OBJECT_HANDLE {
        do throws(CallFailure) {
            return try create(key, attributes, withCheckValue: true)
        } catch {
            guard error.result == CKR_ATTRIBUTE_TYPE_INVALID else { throw error }
            return try create(key, attributes, withCheckValue: false)
        }
    }

    private func create(
        _ key: borrowing SymmetricKey, _ attributes: Attributes, withCheckValue: Bool
    ) throws(CallFailure) -> CK_OBJECT_HANDLE {
        let template = attributes.template(for: key.algorithm, withCheckValue: withCheckValue)
        var object = CK_OBJECT_HANDLE(CK_INVALID_HANDLE)
        // The key's bytes are handed over where they are.
        try key.withExposedBytes { bytes throws(CallFailure) in
            try token.withObjects { () throws(CallFailure) in
                try token.module.call("C_CreateObject") { functions in
                    template.withPointer(adding: CKA_VALUE, bytes) {
                        functions.pointee.C_CreateObject?(session, $0, $1, &object)
                    }
                }
            }
        }
        return object
    }

    private func attributes(of part: Part, _ key: borrowing SymmetricKey) throws -> Attributes {
        Attributes(
            label: label(of: part), id: id(of: part), permissions: try permissions(of: part, key.algorithm),
            checkValue: try key.checkValue(.legacy).bytes)
    }

    private func explained(_ failure: CallFailure, _ part: Part) -> TokenError {
        failure.leavesSessionUsable || failure.result == CKR_TOKEN_WRITE_PROTECTED
            ? .notStored(label: label(of: part), reason: "\(failure)") : token.unavailable(failure)
    }
}

/// What an object is made with, but for its value.
private struct Attributes {
    let label: String
    let id: [UInt8]
    let permissions: Set<UInt>
    let checkValue: [UInt8]

    private static let allPermissions: [UInt] = [
        CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN, CKA_VERIFY, CKA_WRAP, CKA_UNWRAP, CKA_DERIVE,
    ]

    func template(for algorithm: KeyAlgorithm, withCheckValue: Bool) -> AttributeTemplate {
        let template = AttributeTemplate()
        template.add(CKA_CLASS, CKO_SECRET_KEY)
        template.add(CKA_KEY_TYPE, Self.type(algorithm))
        for attribute in [CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE] { template.add(attribute, true) }
        for attribute in [CKA_EXTRACTABLE, CKA_MODIFIABLE] { template.add(attribute, false) }
        for permission in Self.allPermissions { template.add(permission, permissions.contains(permission)) }
        template.add(CKA_LABEL, label.utf8)
        template.add(CKA_ID, id)
        if withCheckValue { template.add(CKA_CHECK_VALUE, checkValue) }
        return template
    }

    private static func type(_ algorithm: KeyAlgorithm) -> UInt {
        switch algorithm {
        case .tdes2Key: CKK_DES2
        case .tdes3Key: CKK_DES3
        case .aes128, .aes192, .aes256: CKK_AES
        }
    }
}

extension CheckValue {
    /// The bytes themselves; the type shows them as hexadecimal digits.
    fileprivate var bytes: [UInt8] {
        let digits = Array(description.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }
}
