import PaymentCrypto
import Testing

@testable import Facility

@Suite("Roles of keys")
struct KeyRoleTests {
    private static let modes = ModeOfUse.allCases

    @Test("a base derivation key has usage B0, mode X, and derives")
    func baseDerivation() throws {
        for algorithm in KeyAlgorithm.allCases {
            #expect(
                try isPermitted(.baseDerivation, .baseDerivationKey, .deriveKeys, algorithm) == (algorithm != .tdes3Key)
            )
        }
        for mode in Self.modes where mode != .deriveKeys {
            #expect(try !isPermitted(.baseDerivation, .baseDerivationKey, mode, .aes128))
        }
        for usage in [KeyUsage.initialDUKPTKey, .keyEncryption, .keyDerivation] {
            #expect(try !isPermitted(.baseDerivation, usage, .deriveKeys, .aes128))
        }
    }

    @Test("a protection key has usage K0 or K1, and may do what it is asked to do")
    func protection() throws {
        for usage in [KeyUsage.keyEncryption, .keyBlockProtection] {
            for mode in Self.modes {
                let (wraps, unwraps) = ("BEN".contains(mode.description), "BDN".contains(mode.description))
                #expect(try isPermitted(.wrapping, usage, mode, .tdes3Key) == wraps)
                #expect(try isPermitted(.unwrapping, usage, mode, .tdes3Key) == unwraps)
            }
        }
        for usage in [KeyUsage.baseDerivationKey, .keyBlockProtectionISO20038, .dataEncryption] {
            #expect(try !isPermitted(.wrapping, usage, .encryptAndDecrypt, .aes256))
            #expect(try !isPermitted(.unwrapping, usage, .noRestriction, .aes256))
        }
    }

    @Test("the message says what was expected and what was found")
    func message() throws {
        let name = try #require(KeyName("kbpk"))
        let header = KeyBlockHeader(version: .d, keyUsage: .keyEncryption, algorithm: .aes, modeOfUse: .decrypt)
        let error = #expect(throws: KeyRoleError.self) {
            try KeyRole.wrapping.check(header, effective: .aes128, named: name)
        }
        #expect(error?.description == "key 'kbpk': expected mode of use B, E or N, found D")
    }

    private func isPermitted(
        _ role: KeyRole, _ usage: KeyUsage, _ mode: ModeOfUse, _ algorithm: KeyAlgorithm
    ) throws -> Bool {
        let name = try #require(KeyName("key"))
        let header = KeyBlockHeader(
            version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(algorithm), modeOfUse: mode)
        do throws(KeyRoleError) {
            try role.check(header, effective: algorithm, named: name)
            return true
        } catch {
            return false
        }
    }
}
