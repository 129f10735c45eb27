import PaymentCrypto
import Testing

@testable import Facility

/// Changes whose event is of no interest.
extension UnlockedSite {
    func add(_ key: borrowing SymmetricKey, as new: NewKey) throws -> KeyringEntry {
        var event = AuditEvent("key import")
        return try add(key, as: new, recording: &event)
    }

    func add(
        _ component: borrowing KeyComponent, as plan: ComponentPlan, custody: CustodyRecord
    ) throws -> ComponentOutcome {
        var event = AuditEvent("key import")
        return try add(component, as: plan, custody: custody, recording: &event)
    }

    func attach(
        _ new: NewKey, at location: TokenLocation, algorithm: KeyAlgorithm, checkValue: CheckValue,
        fingerprint: KeyFingerprint?
    ) throws -> KeyringEntry {
        var event = AuditEvent("key attach")
        return try attach(
            new, at: location, algorithm: algorithm, checkValue: checkValue, fingerprint: fingerprint,
            recording: &event)
    }

    func annotate(
        _ name: KeyName, _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) -> KeyringEntry {
        var event = AuditEvent("key tag")
        return try annotate(name, recording: &event, edit).entry(name)
    }

    @discardableResult
    func remove(_ name: KeyName) throws(FacilityError) -> Keyring.Kind? {
        var event = AuditEvent("key remove")
        return try remove(name, recording: &event)
    }

    func change(_ edit: (inout SiteSettings) -> Void) throws(FacilityError) -> Site {
        var event = AuditEvent("site set")
        return try change(recording: &event) { settings, _ in edit(&settings) }
    }

    func change(_ environment: SiteEnvironment) throws(FacilityError) -> Site {
        var event = AuditEvent("site set")
        return try change(environment, recording: &event)
    }

    func replacePassphrase(ofCustodian custodian: Int, by passphrase: borrowing Passphrase) throws(FacilityError) {
        var event = AuditEvent("site passphrase")
        try replacePassphrase(ofCustodian: custodian, by: passphrase, recording: &event)
    }

    func set(_ profile: HeaderProfile) throws(FacilityError) -> Site {
        var event = AuditEvent("site profile")
        return try set(profile, recording: &event)
    }

    func removeProfile(_ name: KeyName) throws(FacilityError) -> Site {
        var event = AuditEvent("site profile")
        return try removeProfile(name, recording: &event)
    }

    func generate(_ name: String, _ usage: RSAKeyUsage) throws -> RSAKeyEntry {
        var event = AuditEvent("key generate")
        let new = NewRSAKey(name: try #require(KeyName(name)), usage: usage, origin: "generated")
        return try generate(.rsa2048, as: new, recording: &event)
    }

    func attach(_ name: String, _ publicKey: RSAPublicKey) throws -> RSAKeyEntry {
        var event = AuditEvent("key attach")
        let new = NewRSAKey(name: try #require(KeyName(name)), usage: .sign, origin: "attached")
        return try attach(new, publicKey, at: "pkcs11:token=KIF", recording: &event)
    }
}

extension TestSite {
    /// The last event of the audit log.
    func lastEvent() throws -> AuditEvent? {
        try read(AuditLog.fileName).split(separator: UInt8(ascii: "\n")).last.flatMap { AuditLine($0)?.event }
    }
}
