import CPKCS11
@_spi(Engine) import PaymentCrypto
import Testing

@testable import TokenEngine

/// Makes objects that ``TokenVault/store(_:as:at:)`` would not make: with other permissions, or less well kept.
struct RawObject {
    var label: String
    var id: [UInt8] = []
    var permissions: [UInt] = []
    var isSensitive = true
    var isExtractable = false
    var type: UInt?

    func create(_ key: borrowing SymmetricKey, in token: Token) throws {
        let template = AttributeTemplate()
        template.add(CKA_CLASS, CKO_SECRET_KEY)
        template.add(CKA_KEY_TYPE, type ?? (key.algorithm.isTDES ? CKK_DES2 : CKK_AES))
        for attribute in [CKA_TOKEN, CKA_PRIVATE] { template.add(attribute, true) }
        template.add(CKA_SENSITIVE, isSensitive)
        template.add(CKA_EXTRACTABLE, isExtractable)
        template.add(CKA_MODIFIABLE, false)
        for permission in [CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN, CKA_VERIFY, CKA_WRAP, CKA_UNWRAP, CKA_DERIVE] {
            template.add(permission, permissions.contains(permission))
        }
        template.add(CKA_LABEL, label.utf8)
        template.add(CKA_ID, id)
        let session = try token.module.openSession(token.slot, writing: true)
        defer { token.module.closeSession(session) }
        var object = CK_OBJECT_HANDLE()
        try key.withExposedBytes { bytes in
            try token.withObjects { () throws(CallFailure) in
                try token.module.call("C_CreateObject") { functions in
                    template.withPointer(adding: CKA_VALUE, bytes) {
                        functions.pointee.C_CreateObject?(session, $0, $1, &object)
                    }
                }
            }
        }
    }
}
