internal import CPKCS11

/// Finds the objects that a URI names.
struct KeySearch {
    let token: Token

    /// Handles of the objects of this class that match, a few at most: more than one is a fault anyhow.
    func objects(_ kind: UInt, label: String? = nil, id: [UInt8]? = nil) throws(CallFailure) -> [CK_OBJECT_HANDLE] {
        let template = AttributeTemplate()
        template.add(CKA_CLASS, kind)
        template.add(CKA_TOKEN, true)
        if let label { template.add(CKA_LABEL, label.utf8) }
        if let id { template.add(CKA_ID, id) }
        return try token.withObjects { () throws(CallFailure) in
            try token.call { session throws(CallFailure) in try find(template, session) }
        }
    }

    private func find(
        _ template: AttributeTemplate, _ session: CK_SESSION_HANDLE
    ) throws(CallFailure) -> [CK_OBJECT_HANDLE] {
        let module = token.module
        try module.call("C_FindObjectsInit") { functions in
            template.withPointer { functions.pointee.C_FindObjectsInit?(session, $0, $1) }
        }
        var found = [CK_OBJECT_HANDLE](repeating: 0, count: 16)
        var count: CK_ULONG = 0
        let failure: CallFailure?
        do throws(CallFailure) {
            try module.call("C_FindObjects") {
                $0.pointee.C_FindObjects?(session, &found, CK_ULONG(found.count), &count)
            }
            failure = nil
        } catch {
            failure = error
        }
        // The search ends in any case, or the session could not be used again.
        try module.call("C_FindObjectsFinal") { $0.pointee.C_FindObjectsFinal?(session) }
        if let failure { throw failure }
        return Array(found.prefix(Int(clamping: count)))
    }

    /// The one key that a URI names.
    func key(_ uri: TokenURI, type: TokenURI.ObjectType = .secretKey) throws(TokenError) -> CK_OBJECT_HANDLE {
        guard (uri.type ?? type) == type else {
            throw .wrongType(expected: type.rawValue, found: uri.type?.rawValue ?? "")
        }
        guard uri.object != nil || uri.id != nil else { throw .noObject }
        let kind = type == .privateKey ? UInt(CKO_PRIVATE_KEY) : UInt(CKO_SECRET_KEY)
        let found: [CK_OBJECT_HANDLE]
        do throws(CallFailure) {
            found = try objects(kind, label: uri.object, id: uri.id)
        } catch {
            throw token.unavailable(error)
        }
        guard let first = found.first else { throw .keyMissing(uri: "\(uri)") }
        guard found.count == 1 else { throw .severalKeys(uri: "\(uri)", count: found.count) }
        return first
    }
}
