internal import CPKCS11
internal import PaymentCrypto
internal import Synchronization

/// One token of a module: its sessions, and the one login that a process has.
final class Token: Sendable {
    let module: TokenModule
    let slot: CK_SLOT_ID
    /// The token in messages.
    let name: String
    let sessions: SessionPool
    private let login = Mutex(LoginState.loggedOut)
    private static let objects = Mutex(())
    private let knownMechanisms = Mutex<Mechanisms?>(nil)

    private enum LoginState {
        case loggedOut
        case loggedIn
        /// What became of the one attempt; there is no second one.
        case failed(TokenError)
    }

    init(_ module: TokenModule, _ information: TokenInformation) {
        let slot = information.slot
        self.module = module
        self.slot = slot
        name = information.name
        sessions = SessionPool(limit: information.maximumSessionCount) { () throws(CallFailure) in
            try module.openSession(slot)
        } close: { session in
            module.closeSession(session)
        }
    }

    /// What the module says of the token now: its flags change.
    func information() throws(TokenError) -> TokenInformation {
        do throws(CallFailure) {
            guard let information = try module.information(of: slot) else {
                throw CallFailure("C_GetTokenInfo", CK_RV(CKR_TOKEN_NOT_PRESENT))
            }
            return information
        } catch {
            throw unavailable(error)
        }
    }

    /// Logs in unless this process did so before; the PIN is asked for once, and never tried again.
    ///
    /// - Parameters:
    ///   - pin: asked only when a PIN is needed; nil where the token has a keypad of its own.
    ///   - warn: told what the token says of its PIN.
    func logIn(warn: (String) -> Void, pin: () throws -> TokenPIN) throws {
        try login.withLock { state in
            switch state {
            case .loggedIn: return
            case .failed(let error): throw error
            case .loggedOut: break
            }
            let information = try information()
            if information.has(CKF_LOGIN_REQUIRED) {
                try check(information, warn)
                try logInOnce(information, pin, &state)
            }
            state = .loggedIn
        }
    }

    private func check(_ information: TokenInformation, _ warn: (String) -> Void) throws(TokenError) {
        if information.has(CKF_USER_PIN_LOCKED) { throw .pinLocked(token: name) }
        guard information.has(CKF_USER_PIN_INITIALIZED) else { throw .pinNotInitialised(token: name) }
        for warning in information.pinWarnings { warn(warning) }
    }

    /// A PIN that cannot be had was not tried: only what comes after that is the one attempt.
    private func logInOnce(
        _ information: TokenInformation, _ pin: () throws -> TokenPIN, _ state: inout LoginState
    ) throws {
        guard !information.has(CKF_PROTECTED_AUTHENTICATION_PATH) else {
            return try logIn(UnsafeRawBufferPointer(start: nil, count: 0), &state)
        }
        let pin = try pin()
        try pin.withExposedBytes { bytes throws(TokenError) in try logIn(bytes, &state) }
    }

    /// Whatever a failed call says, the token may have counted a wrong PIN: it is not called again.
    private func logIn(_ pin: UnsafeRawBufferPointer, _ state: inout LoginState) throws(TokenError) {
        do throws(CallFailure) {
            try sessions.withSession { session throws(CallFailure) in try logIn(session, pin) }
        } catch {
            let reason = loginError(error)
            if error.function == "C_Login" { state = .failed(reason) }
            throw reason
        }
    }

    private func logIn(_ session: CK_SESSION_HANDLE, _ pin: UnsafeRawBufferPointer) throws(CallFailure) {
        // C takes a pointer that it could write through, but does not.
        let text = UnsafeMutablePointer(mutating: pin.bindMemory(to: CK_UTF8CHAR.self).baseAddress)
        do throws(CallFailure) {
            try module.call("C_Login") {
                $0.pointee.C_Login?(session, CK_USER_TYPE(CKU_USER), text, CK_ULONG(pin.count))
            }
        } catch {
            guard error.result == CKR_USER_ALREADY_LOGGED_IN else { throw error }
        }
    }

    private func loginError(_ failure: CallFailure) -> TokenError {
        switch failure.result {
        case CKR_PIN_LOCKED: .pinLocked(token: name)
        case CKR_USER_PIN_NOT_INITIALIZED: .pinNotInitialised(token: name)
        case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE: .pinRefused(token: name, reason: "it is wrong")
        case CKR_PIN_EXPIRED: .pinRefused(token: name, reason: "it has expired and has to be changed")
        default: unavailable(failure)
        }
    }

    /// Calls a function of the module with a session.
    func call<R>(
        _ body: (CK_SESSION_HANDLE) throws(CallFailure) -> R
    ) throws(CallFailure) -> R {
        try sessions.withSession(body)
    }

    /// Creates, removes or looks for objects, one caller in the process at a time.
    ///
    /// Modules are known to mix these up between threads: to find an object twice while another one is made, or to fail
    /// for no reason. Calls with keys that were found need no such care.
    func withObjects<R: Sendable>(_ body: () throws(CallFailure) -> R) throws(CallFailure) -> R {
        let outcome: Result<R, CallFailure> = Self.objects.withLock { _ in
            do throws(CallFailure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// What the token can compute, asked once.
    func mechanisms() throws(EngineError) -> Mechanisms {
        let outcome = knownMechanisms.withLock { known in
            Result { () throws(CallFailure) in
                if let known { return known }
                let asked = try Mechanisms(module, slot)
                known = asked
                return asked
            }
        }
        do throws(CallFailure) { return try outcome.get() } catch { throw engineError(error) }
    }

    func unavailable(_ failure: CallFailure) -> TokenError {
        .unavailable(token: name, reason: failure.description)
    }
}

extension TokenInformation {
    /// What should be seen before a PIN is given.
    var pinWarnings: [String] {
        var warnings: [String] = []
        if has(CKF_USER_PIN_FINAL_TRY) {
            warnings.append("token '\(name)': one more wrong PIN locks it")
        } else if has(CKF_USER_PIN_COUNT_LOW) {
            warnings.append("token '\(name)': a wrong PIN was given since the last login")
        }
        if has(CKF_USER_PIN_TO_BE_CHANGED) {
            warnings.append("token '\(name)': the user PIN is the one that it was set up with, and is to be changed")
        }
        return warnings
    }
}

extension TokenModule {
    func openSession(_ slot: CK_SLOT_ID, writing: Bool = false) throws(CallFailure) -> CK_SESSION_HANDLE {
        let flags = CK_FLAGS(CKF_SERIAL_SESSION) | (writing ? CK_FLAGS(CKF_RW_SESSION) : 0)
        var session = CK_SESSION_HANDLE(CK_INVALID_HANDLE)
        try call("C_OpenSession") { $0.pointee.C_OpenSession?(slot, flags, nil, nil, &session) }
        return session
    }

    func closeSession(_ session: CK_SESSION_HANDLE) {
        // There is nobody to tell, and nothing to do about it.
        try? call("C_CloseSession") { $0.pointee.C_CloseSession?(session) }
    }
}
