import Foundation
import PaymentCrypto
import Testing

@testable import TokenEngine

/// SoftHSM2 behind `Tests/Tokens/faults.c`, whose faults and counts a test sets and reads.
///
/// There is one in the process, as there is one of every module: the tests that use it run one after the other.
enum FaultyModule {
    /// Mirrors `struct faults`, member by member.
    struct Faults {
        var tokenFlags: UInt = 0
        var sessionLimit: UInt = 0
        var isLimitTold: UInt = 0
        var largestCall: UInt = 0
        var encryptionsToLive: UInt = 0
        var creationThatFails: UInt = 0
        var attributeUnknown: UInt = 0
        var keyTypeUnknown: UInt = 0
        var hiddenMechanism: UInt = 0
        var isValueDamaged: UInt = 0
        var loginResult: UInt = 0
        var informationResult: UInt = 0
        var sessionResult: UInt = 0
        var encryptionResult: UInt = 0
        var unknownMechanism: UInt = 0
        var logins: UInt = 0
        var sessions: UInt = 0
        var mostSessions: UInt = 0
        var encryptions: UInt = 0
        var creations: UInt = 0
        var isGone: UInt = 0
    }

    static let path: Result<String, any Error> = Result {
        let real = try #require(try TokenServer.uri.get().modulePath)
        let path = try TokenServer.temporaryFolder().appending(path: "faults.so").path
        try TestLibrary.compile(
            TokenServer.scripts.appending(path: "faults.c"), to: path, defining: ["MODULE=\"\(real)\""])
        return path
    }

    /// A token behind the faulty module.
    static func uri(token: String) throws -> TokenURI {
        try TokenServer.uri.get().on(token: token).with(.modulePath, path.get())
    }

    /// The module's own variable; loading a library twice gives the same one.
    static func faults() throws -> UnsafeMutablePointer<Faults> {
        let library = try #require(dlopen(path.get(), RTLD_NOW))
        return try #require(dlsym(library, "faults")).assumingMemoryBound(to: Faults.self)
    }
}
