internal import CPKCS11

/// What a module says of one slot and the token in it.
struct TokenInformation: Equatable {
    let slot: CK_SLOT_ID
    let label: String
    let manufacturer: String
    let model: String
    let serial: String
    let firmware: String
    let flags: CK_FLAGS
    /// The most sessions at the same time; nil where the token knows no limit or does not tell.
    let maximumSessionCount: Int?
    let slotDescription: String
    let slotManufacturer: String

    init(slot: CK_SLOT_ID, _ token: CK_TOKEN_INFO, _ description: CK_SLOT_INFO) {
        self.slot = slot
        label = FieldText.of(token.label)
        manufacturer = FieldText.of(token.manufacturerID)
        model = FieldText.of(token.model)
        serial = FieldText.of(token.serialNumber)
        firmware = "\(token.firmwareVersion.major).\(token.firmwareVersion.minor)"
        flags = token.flags
        maximumSessionCount =
            token.ulMaxSessionCount == CK_EFFECTIVELY_INFINITE ? nil : Int(exactly: token.ulMaxSessionCount)
        slotDescription = FieldText.of(description.slotDescription)
        slotManufacturer = FieldText.of(description.manufacturerID)
    }

    func has(_ flag: UInt) -> Bool { flags & CK_FLAGS(flag) != 0 }

    /// Whether the URI means this token; the library's own attributes are compared elsewhere.
    func matches(_ uri: TokenURI) -> Bool {
        let mine: [TokenURI.Attribute: String] = [
            .token: label, .manufacturer: manufacturer, .model: model, .serial: serial,
            .slotDescription: slotDescription, .slotManufacturer: slotManufacturer,
        ]
        return mine.allSatisfy { attribute, value in uri.text(attribute).map { $0 == value } ?? true }
            && uri.slotID.map { $0 == slot } ?? true
    }
}

extension TokenModule {
    /// The one token that a URI means.
    func token(for uri: TokenURI) throws(TokenError) -> Token {
        let (all, failure) = try allTokens(uri)
        let matching = all.filter { $0.matches(uri) }
        guard let first = matching.first else {
            if let failure { throw .slotUnavailable(path: path, uri: "\(uri)", reason: failure.description) }
            throw .tokenMissing(uri: "\(uri)", found: all.map(\.fullName))
        }
        guard matching.count == 1 else { throw .severalTokens(uri: "\(uri)", found: matching.map(\.fullName)) }
        return token(first)
    }

    /// Those that can be asked; a slot that is broken does not stand in the way of the others.
    private func allTokens(
        _ uri: TokenURI
    ) throws(TokenError) -> (found: [TokenInformation], failure: CallFailure?) {
        do throws(CallFailure) {
            guard try libraryMatches(uri) else { return ([], nil) }
            var found: [TokenInformation] = []
            var failure: CallFailure?
            for slot in try slots() {
                do throws(CallFailure) {
                    if let information = try information(of: slot) { found.append(information) }
                } catch {
                    failure = failure ?? error
                }
            }
            return (found, failure)
        } catch {
            throw .moduleUnavailable(path: path, reason: error.description)
        }
    }

    private func libraryMatches(_ uri: TokenURI) throws(CallFailure) -> Bool {
        let asked: [TokenURI.Attribute] = [.libraryManufacturer, .libraryDescription, .libraryVersion]
        guard asked.contains(where: { uri.values[$0] != nil }) else { return true }
        var information = CK_INFO()
        try call("C_GetInfo") { $0.pointee.C_GetInfo?(&information) }
        let version = LibraryVersion(
            major: information.libraryVersion.major, minor: information.libraryVersion.minor)
        return uri.text(.libraryManufacturer).map { $0 == FieldText.of(information.manufacturerID) } ?? true
            && uri.text(.libraryDescription).map { $0 == FieldText.of(information.libraryDescription) } ?? true
            && uri.text(.libraryVersion).map { LibraryVersion($0) == version } ?? true
    }

    private func slots() throws(CallFailure) -> [CK_SLOT_ID] {
        // A token may appear between the two calls: there is room for a few more.
        var count: CK_ULONG = 0
        try call("C_GetSlotList") { $0.pointee.C_GetSlotList?(1, nil, &count) }
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(min(count, 4096)) + 16)
        count = CK_ULONG(slots.count)
        try call("C_GetSlotList") { $0.pointee.C_GetSlotList?(1, &slots, &count) }
        return Array(slots.prefix(Int(clamping: count)))
    }

    /// Nil for a slot whose token is not set up, or was taken out just now.
    func information(of slot: CK_SLOT_ID) throws(CallFailure) -> TokenInformation? {
        var token = CK_TOKEN_INFO()
        var description = CK_SLOT_INFO()
        do throws(CallFailure) {
            try call("C_GetSlotInfo") { $0.pointee.C_GetSlotInfo?(slot, &description) }
            try call("C_GetTokenInfo") { $0.pointee.C_GetTokenInfo?(slot, &token) }
        } catch {
            guard error.isAboutOneSlot else { throw error }
            return nil
        }
        guard token.flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0 else { return nil }
        return TokenInformation(slot: slot, token, description)
    }
}

extension TokenInformation {
    /// The token in messages: its label, or its serial number where it has none.
    var name: String { label.isEmpty ? serial : label }

    /// The label with the serial number, where labels are not enough to tell tokens apart.
    var fullName: String { serial.isEmpty ? label : "\(label) (serial \(serial))" }
}
