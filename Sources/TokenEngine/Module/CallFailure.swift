internal import CPKCS11

/// A call of a module that did not give CKR_OK.
struct CallFailure: Error, Equatable, CustomStringConvertible {
    /// The function's name, such as `C_Login`.
    let function: String
    /// What it gave.
    let result: CK_RV

    init(_ function: String, _ result: CK_RV) {
        self.function = function
        self.result = result
    }

    var description: String {
        let name = Self.names[result] ?? "0x" + String(result, radix: 16, uppercase: true)
        return "\(function) gave \(name)"
    }

    /// Whether it says that the key or the token does not do such a thing, and not that something is broken.
    var isRefusal: Bool {
        [
            CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_MECHANISM_INVALID, CKR_KEY_TYPE_INCONSISTENT,
            CKR_MECHANISM_PARAM_INVALID,
            CKR_KEY_SIZE_RANGE, CKR_FUNCTION_NOT_SUPPORTED, CKR_ACTION_PROHIBITED,
        ].contains(result)
    }

    /// Whether it may work with less data in a call; the data was looked at, and nothing was done with it.
    var isAboutLength: Bool { [CKR_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_LEN_RANGE].contains(result) }

    /// Whether memory ran out, which may have been in the middle of the call.
    private var isAboutMemory: Bool { [CKR_DEVICE_MEMORY, CKR_HOST_MEMORY].contains(result) }

    /// Whether an attribute is one that the token does not have or does not show.
    var isAboutAnAttribute: Bool {
        [CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE].contains(result)
    }

    /// Whether it says that there is no token in the slot, or none that is known.
    var isAboutOneSlot: Bool {
        [CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_REMOVED].contains(result)
    }

    /// Whether the session is as it was before: the call was refused for what it asked, and has ended.
    var leavesSessionUsable: Bool {
        isRefusal || isAboutLength || isAboutMemory || isAboutAnAttribute || isAboutTheTemplate
    }

    /// Whether the token does not take such an object.
    var isAboutTheTemplate: Bool {
        [
            CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT,
            CKR_TEMPLATE_INCOMPLETE, CKR_KEY_SIZE_RANGE,
        ].contains(result)
    }

    /// What a person may meet; the numbers of the others can be looked up.
    private static let names: [CK_RV: String] = [
        CKR_HOST_MEMORY: "CKR_HOST_MEMORY", CKR_SLOT_ID_INVALID: "CKR_SLOT_ID_INVALID",
        CKR_GENERAL_ERROR: "CKR_GENERAL_ERROR", CKR_FUNCTION_FAILED: "CKR_FUNCTION_FAILED",
        CKR_ARGUMENTS_BAD: "CKR_ARGUMENTS_BAD", CKR_CANT_LOCK: "CKR_CANT_LOCK",
        CKR_ATTRIBUTE_READ_ONLY: "CKR_ATTRIBUTE_READ_ONLY", CKR_ATTRIBUTE_SENSITIVE: "CKR_ATTRIBUTE_SENSITIVE",
        CKR_ATTRIBUTE_TYPE_INVALID: "CKR_ATTRIBUTE_TYPE_INVALID",
        CKR_ATTRIBUTE_VALUE_INVALID: "CKR_ATTRIBUTE_VALUE_INVALID", CKR_ACTION_PROHIBITED: "CKR_ACTION_PROHIBITED",
        CKR_DATA_LEN_RANGE: "CKR_DATA_LEN_RANGE", CKR_DEVICE_ERROR: "CKR_DEVICE_ERROR",
        CKR_DEVICE_MEMORY: "CKR_DEVICE_MEMORY", CKR_DEVICE_REMOVED: "CKR_DEVICE_REMOVED",
        CKR_FUNCTION_NOT_SUPPORTED: "CKR_FUNCTION_NOT_SUPPORTED", CKR_KEY_HANDLE_INVALID: "CKR_KEY_HANDLE_INVALID",
        CKR_KEY_SIZE_RANGE: "CKR_KEY_SIZE_RANGE", CKR_KEY_TYPE_INCONSISTENT: "CKR_KEY_TYPE_INCONSISTENT",
        CKR_KEY_FUNCTION_NOT_PERMITTED: "CKR_KEY_FUNCTION_NOT_PERMITTED",
        CKR_MECHANISM_INVALID: "CKR_MECHANISM_INVALID", CKR_MECHANISM_PARAM_INVALID: "CKR_MECHANISM_PARAM_INVALID",
        CKR_OBJECT_HANDLE_INVALID: "CKR_OBJECT_HANDLE_INVALID", CKR_OPERATION_ACTIVE: "CKR_OPERATION_ACTIVE",
        CKR_OPERATION_NOT_INITIALIZED: "CKR_OPERATION_NOT_INITIALIZED", CKR_PIN_INCORRECT: "CKR_PIN_INCORRECT",
        CKR_PIN_INVALID: "CKR_PIN_INVALID", CKR_PIN_LEN_RANGE: "CKR_PIN_LEN_RANGE",
        CKR_PIN_EXPIRED: "CKR_PIN_EXPIRED", CKR_PIN_LOCKED: "CKR_PIN_LOCKED",
        CKR_SESSION_CLOSED: "CKR_SESSION_CLOSED", CKR_SESSION_COUNT: "CKR_SESSION_COUNT",
        CKR_SESSION_HANDLE_INVALID: "CKR_SESSION_HANDLE_INVALID",
        CKR_SESSION_READ_ONLY: "CKR_SESSION_READ_ONLY", CKR_TEMPLATE_INCOMPLETE: "CKR_TEMPLATE_INCOMPLETE",
        CKR_TEMPLATE_INCONSISTENT: "CKR_TEMPLATE_INCONSISTENT", CKR_TOKEN_NOT_PRESENT: "CKR_TOKEN_NOT_PRESENT",
        CKR_TOKEN_NOT_RECOGNIZED: "CKR_TOKEN_NOT_RECOGNIZED", CKR_TOKEN_WRITE_PROTECTED: "CKR_TOKEN_WRITE_PROTECTED",
        CKR_USER_NOT_LOGGED_IN: "CKR_USER_NOT_LOGGED_IN",
        CKR_USER_PIN_NOT_INITIALIZED: "CKR_USER_PIN_NOT_INITIALIZED",
        CKR_USER_ANOTHER_ALREADY_LOGGED_IN: "CKR_USER_ANOTHER_ALREADY_LOGGED_IN",
        CKR_CRYPTOKI_NOT_INITIALIZED: "CKR_CRYPTOKI_NOT_INITIALIZED", CKR_FUNCTION_REJECTED: "CKR_FUNCTION_REJECTED",
    ]
}
