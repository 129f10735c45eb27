import CPKCS11
import Dispatch
import Synchronization
import Testing

@_spi(Engine) @testable import PaymentCrypto
@testable import TokenEngine

/// Bad days of a token, by a module that has them on command.
@Suite(.serialized, .enabled(if: TokenServer.kind == "softhsm", "stands in front of SoftHSM2"))
struct FaultTests {
    let faults: UnsafeMutablePointer<FaultyModule.Faults>
    let uri: TokenURI
    let test = TestVault()

    init() throws {
        faults = try FaultyModule.faults()
        let (logins, sessions) = (faults.pointee.logins, faults.pointee.sessions)
        faults.pointee = FaultyModule.Faults()
        (faults.pointee.logins, faults.pointee.sessions) = (logins, sessions)
        uri = try FaultyModule.uri(token: "FAULTY")
    }

    /// A token of its own slot, so that what it knows of sessions and mechanisms is fresh.
    private func freshToken() throws -> Token {
        _ = try test.makeVault().openToken(uri)
        let module = try TokenModule.load(for: uri)
        let information = try module.token(for: uri).information()
        return Token(module, information)
    }

    @Test func thereIsOneLogin() throws {
        for _ in 0..<3 { _ = try test.makeVault().openToken(uri) }
        #expect(faults.pointee.logins == 1)
    }

    @Test(arguments: [
        (CKF_USER_PIN_COUNT_LOW, "a wrong PIN was given since the last login"),
        (CKF_USER_PIN_FINAL_TRY, "one more wrong PIN locks it"),
        (
            CKF_USER_PIN_TO_BE_CHANGED, "the user PIN is the one that it was set up with, and is to be changed"
        ),
    ])
    func aPINThatIsNearlyLockedGivesAWarning(flag: UInt, warning: String) throws {
        faults.pointee.tokenFlags = flag
        let facts = try TokenFacts(uri)
        #expect(facts.findings.count == 1 && facts.findings.first?.hasSuffix(warning) == true)
        let source = try #require(uri.pinSource)
        try freshToken().logIn(warn: test.warn) { try TokenPIN(source: source) }
        #expect(test.warnings == facts.findings)
    }

    @Test func aLockedTokenIsNotAskedForItsPIN() throws {
        let token = try freshToken()
        faults.pointee.tokenFlags = CKF_USER_PIN_LOCKED
        let logins = faults.pointee.logins
        #expect(throws: TokenError.pinLocked(token: token.name)) {
            try token.logIn(warn: { _ in }) { try TokenPIN(source: "/nowhere") }
        }
        #expect(faults.pointee.logins == logins)
        #expect(try TokenFacts(uri).findings == ["token '\(token.name)': the user PIN is locked"])
    }

    /// Whatever a login gives, the PIN was given once and is not given again.
    @Test(arguments: [
        (CKR_PIN_INCORRECT, "did not take the PIN: it is wrong", TokenError.Category.refused),
        (CKR_PIN_INVALID, "did not take the PIN: it is wrong", .refused),
        (CKR_PIN_LEN_RANGE, "did not take the PIN: it is wrong", .refused),
        (CKR_PIN_EXPIRED, "did not take the PIN: it has expired and has to be changed", .refused),
        (CKR_PIN_LOCKED, "the user PIN of token 'FAULTY' is locked", .refused),
        (CKR_USER_PIN_NOT_INITIALIZED, "has no user PIN yet", .refused),
        (CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "C_Login gave CKR_USER_ANOTHER_ALREADY_LOGGED_IN", .unavailable),
        (CKR_DEVICE_REMOVED, "C_Login gave CKR_DEVICE_REMOVED", .unavailable),
        (CKR_FUNCTION_FAILED, "C_Login gave CKR_FUNCTION_FAILED", .unavailable),
    ])
    func aLoginThatFailsIsNotTriedAgain(result: UInt, words: String, category: TokenError.Category) throws {
        let source = try #require(uri.pinSource)
        let token = try freshToken()
        faults.pointee.loginResult = result
        let logins = faults.pointee.logins
        for _ in 0..<2 {
            #expect { try token.logIn(warn: { _ in }) { try TokenPIN(source: source) } } throws: {
                "\($0)".hasSuffix(words) && ($0 as? TokenError)?.category == category
            }
            // Nor when the token would take it now.
            faults.pointee.loginResult = 0
        }
        #expect(faults.pointee.logins == logins + 1)
    }

    /// Another login of this process, by whomever, is as good as this one.
    @Test func aTokenThatIsLoggedInAlreadyIsOpen() throws {
        let source = try #require(uri.pinSource)
        let token = try freshToken()
        faults.pointee.loginResult = CKR_USER_ALREADY_LOGGED_IN
        let logins = faults.pointee.logins
        for _ in 0..<2 { try token.logIn(warn: { _ in }) { try TokenPIN(source: source) } }
        #expect(faults.pointee.logins == logins + 1)
    }

    @Test(arguments: [
        (CKR_DEVICE_ERROR, "a slot of the PKCS#11 module", "C_GetTokenInfo gave CKR_DEVICE_ERROR"),
        (CKR_TOKEN_NOT_PRESENT, "no token matches", "there is none"),
    ])
    func aTokenThatDoesNotDescribeItselfIsUnavailable(result: UInt, words: String, reason: String) throws {
        let source = try #require(uri.pinSource)
        let token = try freshToken()
        let logins = faults.pointee.logins
        faults.pointee.informationResult = result
        #expect { _ = try TokenFacts(uri) } throws: {
            "\($0)".contains(words) && "\($0)".hasSuffix(reason) && ($0 as? TokenError)?.category == .unavailable
        }
        // One that was found before is not given the PIN either.
        #expect { try token.logIn(warn: { _ in }) { try TokenPIN(source: source) } } throws: {
            ($0 as? TokenError)?.category == .unavailable
        }
        #expect(faults.pointee.logins == logins)
    }

    /// The PIN was not given, so it may be given when there is a session.
    @Test(arguments: [CKR_DEVICE_ERROR, CKR_SESSION_COUNT, CKR_TOKEN_NOT_RECOGNIZED])
    func aTokenWithoutASessionIsNotGivenThePIN(result: UInt) throws {
        let source = try #require(uri.pinSource)
        let token = try freshToken()
        let logins = faults.pointee.logins
        faults.pointee.sessionResult = result
        #expect { try token.logIn(warn: { _ in }) { try TokenPIN(source: source) } } throws: {
            "\($0)".contains("cannot be used: C_OpenSession gave CKR_")
                && ($0 as? TokenError)?.category == .unavailable
        }
        #expect(faults.pointee.logins == logins)
        faults.pointee.sessionResult = 0
        try token.logIn(warn: { _ in }) { try TokenPIN(source: source) }
        #expect(faults.pointee.logins == logins + 1)
    }

    /// Sessions break and no new one can be had: whoever waits for one is told, and nobody waits for ever.
    @Test(arguments: [CKR_DEVICE_ERROR, CKR_SESSION_COUNT])
    func workersThatWaitForASessionAreToldThatThereIsNone(result: UInt) throws {
        let label = "waiting-\(result)"
        let stored = try test.makeVault().store(.random(.aes128), as: .other, at: uri.with("object=\(label)"))
        faults.pointee.sessionLimit = faults.pointee.sessions + 2
        let token = try freshToken()
        let key = try TokenKey(stored.uri, in: token, algorithm: .aes128)
        _ = try key.checkValue(.cmac)
        faults.pointee.encryptionResult = CKR_SESSION_HANDLE_INVALID
        faults.pointee.sessionResult = result
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            do { _ = try key.checkValue(.cmac) } catch { errors.withLock { $0.append("\(error)") } }
        }
        let told = errors.withLock { $0 }
        #expect(told.count == 64)
        #expect(told.allSatisfy { $0.hasPrefix("token 'FAULTY' cannot be used (C_") }, "\(Set(told))")
    }

    /// A mechanism that is in the list only is one that the token does not have; the others can be used.
    @Test func aMechanismThatTheTokenKnowsNothingOfIsNone() throws {
        let stored = try test.makeVault().store(.random(.aes128), as: .other, at: uri.with("object=unknown"))
        faults.pointee.unknownMechanism = CKM_AES_ECB
        let key = try TokenKey(stored.uri, in: freshToken(), algorithm: .aes128)
        #expect(try key.makeBlockCipher() is SingleBlockCipher)
        _ = try key.checkValue(.cmac)
    }

    /// More workers than sessions: they wait for each other, and all come through.
    @Test(arguments: [true, false])
    func noMoreSessionsThanTheTokenAllows(isLimitTold: Bool) throws {
        let clear = try SymmetricKey.random(.aes128)
        let label = "limited-\(isLimitTold)"
        let stored = try test.makeVault().store(clear, as: .other, at: uri.with("object=\(label)"))
        let open = faults.pointee.sessions
        faults.pointee.sessionLimit = open + 2
        faults.pointee.isLimitTold = isLimitTold ? 1 : 0
        let token = try freshToken()
        let key = try TokenKey(stored.uri, in: token, algorithm: .aes128)
        let expected = try clear.checkValue(.cmac)
        let found = Mutex<[CheckValue]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            guard let value = try? key.checkValue(.cmac) else { return }
            found.withLock { $0.append(value) }
        }
        #expect(found.withLock { $0 } == Array(repeating: expected, count: 64))
        #expect(faults.pointee.mostSessions <= open + 2)
    }

    @Test(arguments: [UInt(5000), 1024, 256])
    func aColumnIsSplitUntilTheTokenTakesIt(limit: UInt) throws {
        let clear = try SymmetricKey.random(.tdes2Key)
        let stored = try test.makeVault().store(clear, as: .other, at: uri.with("object=split-\(limit)"))
        faults.pointee.largestCall = limit
        let key = try test.makeVault().openKey(stored.uri, algorithm: .tdes2Key)
        var column = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var expected = column
        try column.withUnsafeMutableBytes { try TokenBlockCipher(key).encrypt($0) }
        try expected.withUnsafeMutableBytes { try OpenSSLEngine().makeCipher(for: clear).encrypt($0) }
        #expect(column == expected)
    }

    @Test func aTokenThatIsGoneIsUnavailable() throws {
        let stored = try test.makeVault().store(
            SymmetricKey.random(.aes128), as: .baseDerivation, at: uri.with("object=gone"))
        let source = try test.makeVault().baseKey(stored.uri, variant: nil, algorithm: .aes128)
        let number = try KeySerialNumber("123456789012345600000000", family: .aes).initial
        faults.pointee.encryptionsToLive = faults.pointee.encryptions + 3
        for _ in 0..<3 { _ = try source.initialKey(for: number) }
        #expect { _ = try source.initialKey(for: number) } throws: {
            guard let error = $0 as? EngineError, case .tokenUnavailable = error.kind else { return false }
            return "\(error)".hasSuffix("cannot be used (C_Encrypt gave CKR_DEVICE_REMOVED)")
        }
    }

    /// Whichever object fails, nothing of the key is left.
    @Test(arguments: 1...3)
    func aKeyIsStoredWholeOrNotAtAll(failing number: UInt) throws {
        let place = try uri.with("object=whole")
        faults.pointee.creationThatFails = faults.pointee.creations + number
        #expect(throws: TokenError.self) {
            try test.makeVault().store(SymmetricKey.random(.aes128), as: .wrapping, at: place)
        }
        faults.pointee.creationThatFails = 0
        let stored = try test.makeVault().store(SymmetricKey.random(.aes128), as: .wrapping, at: place)
        try test.makeVault().remove(stored)
    }

    /// The token compares the check value that came with the key; without that, ours is compared.
    @Test func aKeyThatArrivesDamagedIsNotKept() throws {
        let place = try uri.with("object=damaged")
        faults.pointee.isValueDamaged = 1
        #expect(
            throws: TokenError.notStored(
                label: "damaged", reason: "C_CreateObject gave CKR_ATTRIBUTE_VALUE_INVALID")
        ) {
            try test.makeVault().store(SymmetricKey.random(.aes128), as: .other, at: place)
        }
        faults.pointee.attributeUnknown = CKA_CHECK_VALUE
        #expect { try test.makeVault().store(SymmetricKey.random(.aes128), as: .other, at: place) } throws: {
            guard case .wrongCheckValue("damaged", _, _) = $0 as? TokenError else { return false }
            return true
        }
        #expect(throws: TokenError.keyMissing(uri: "\(place)")) { try test.makeVault().describeKey(place) }
    }

    /// A token that knows no CKA_CHECK_VALUE, and one that has two-key TDES only as K1 K2 K1.
    @Test func tokensThatKnowLessGetWhatTheyTake() throws {
        faults.pointee.attributeUnknown = CKA_CHECK_VALUE
        faults.pointee.keyTypeUnknown = CKK_DES2
        let clear = try SymmetricKey.random(.tdes2Key)
        let vault = test.makeVault()
        let stored = try vault.store(clear, as: .baseDerivation, at: uri.with("object=poor"))
        #expect(try vault.describeKey(stored.uri).typeName == "DES3")
        let source = try vault.baseKey(stored.uri, variant: stored.variant, algorithm: .tdes2Key)
        let memory = BaseKeySource(try BaseDerivationKey(clear))
        let number = try KeySerialNumber("FFFF9876543210E00000", family: .tdes).initial
        #expect(try source.initialKey(for: number).isEqual(to: memory.initialKey(for: number)))
    }

    /// Without ECB the chains do: slower, and the same bytes.
    @Test func aTokenWithoutECBWorksInChains() throws {
        let clear = try SymmetricKey.random(.aes128)
        let stored = try test.makeVault().store(clear, as: .wrapping, at: uri.with("object=chains"))
        faults.pointee.hiddenMechanism = CKM_AES_ECB
        let token = try freshToken()
        let encryption = try TokenKey(try #require(stored.encryption), in: token, algorithm: .aes128)
        guard case .chains = try encryption.makeEncryption(for: .d) else {
            Issue.record("expected chains")
            return
        }
        #expect(try encryption.makeBlockCipher() is SingleBlockCipher)
        let key = try TokenKey(stored.uri, in: token, algorithm: .aes128)
        #expect(try key.checkValue(.cmac) == clear.checkValue(.cmac))
        let authentication = try TokenKey(try #require(stored.authentication), in: token, algorithm: .aes128)
        guard case .messages = try authentication.makeAuthentication() else {
            Issue.record("expected messages")
            return
        }
        #expect { try encryption.makeAuthentication() } throws: {
            "\($0)" == "token '\(token.name)' has no CKM_AES_ECB, and key 'chains-encryption' has no CKA_SIGN"
        }
    }
}
