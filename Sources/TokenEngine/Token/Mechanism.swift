internal import CPKCS11
internal import PaymentCrypto

/// The mechanisms that this module uses, by the names that PKCS#11 gives them.
enum Mechanism: String, CaseIterable {
    case tdesECB = "CKM_DES3_ECB"
    case tdesCBC = "CKM_DES3_CBC"
    case tdesCMAC = "CKM_DES3_CMAC"
    case aesECB = "CKM_AES_ECB"
    case aesCBC = "CKM_AES_CBC"
    case aesCMAC = "CKM_AES_CMAC"
    case rsa = "CKM_RSA_PKCS"

    var type: CK_MECHANISM_TYPE {
        switch self {
        case .tdesECB: CK_MECHANISM_TYPE(CKM_DES3_ECB)
        case .tdesCBC: CK_MECHANISM_TYPE(CKM_DES3_CBC)
        case .tdesCMAC: CK_MECHANISM_TYPE(CKM_DES3_CMAC)
        case .aesECB: CK_MECHANISM_TYPE(CKM_AES_ECB)
        case .aesCBC: CK_MECHANISM_TYPE(CKM_AES_CBC)
        case .aesCMAC: CK_MECHANISM_TYPE(CKM_AES_CMAC)
        case .rsa: CK_MECHANISM_TYPE(CKM_RSA_PKCS)
        }
    }

    /// The DES3 mechanisms take DES2 keys, too.
    static func ecb(_ algorithm: KeyAlgorithm) -> Mechanism { algorithm.isTDES ? .tdesECB : .aesECB }

    static func cbc(_ algorithm: KeyAlgorithm) -> Mechanism { algorithm.isTDES ? .tdesCBC : .aesCBC }

    static func cmac(_ algorithm: KeyAlgorithm) -> Mechanism { algorithm.isTDES ? .tdesCMAC : .aesCMAC }
}

/// What a token can compute: its mechanisms, each with what it may be used for.
struct Mechanisms: Equatable {
    private let flags: [Mechanism: CK_FLAGS]

    /// Asks the token; one call for the list and one for each mechanism that matters here.
    init(_ module: TokenModule, _ slot: CK_SLOT_ID) throws(CallFailure) {
        var count: CK_ULONG = 0
        try module.call("C_GetMechanismList") { $0.pointee.C_GetMechanismList?(slot, nil, &count) }
        var types = [CK_MECHANISM_TYPE](repeating: 0, count: Int(min(count, 4096)))
        count = CK_ULONG(types.count)
        try module.call("C_GetMechanismList") { $0.pointee.C_GetMechanismList?(slot, &types, &count) }
        let offered = Set(types.prefix(Int(clamping: count)))
        var flags: [Mechanism: CK_FLAGS] = [:]
        for mechanism in Mechanism.allCases where offered.contains(mechanism.type) {
            flags[mechanism] = try Self.flags(of: mechanism, module, slot)
        }
        self.flags = flags
    }

    /// Nil where the token has it in its list and knows nothing of it all the same, as some do.
    private static func flags(
        of mechanism: Mechanism, _ module: TokenModule, _ slot: CK_SLOT_ID
    ) throws(CallFailure) -> CK_FLAGS? {
        var information = CK_MECHANISM_INFO()
        do throws(CallFailure) {
            try module.call("C_GetMechanismInfo") {
                $0.pointee.C_GetMechanismInfo?(slot, mechanism.type, &information)
            }
        } catch {
            guard error.isRefusal else { throw error }
            return nil
        }
        return information.flags
    }

    /// Whether the token offers it for this: `CKF_ENCRYPT`, `CKF_SIGN`, ...
    func offer(_ mechanism: Mechanism, for use: UInt) -> Bool {
        flags[mechanism].map { $0 & CK_FLAGS(use) != 0 } ?? false
    }
}
