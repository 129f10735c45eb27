import PaymentCrypto

extension SiteSettings {
    /// Whether these settings allow something that others did not, or leave it to other people.
    func isWeaker(than other: SiteSettings) -> Bool {
        other.twoOperators && !twoOperators
            || !other.allowSoftwareKeys && allowSoftwareKeys
            || operators.map(Set.init) != other.operators.map(Set.init)
            || !Set(transports).isSubset(of: other.transports)
            || Self.isBefore(minimumTDES, other.minimumTDES, in: Self.sizesTDES)
            || Self.isBefore(minimumAES, other.minimumAES, in: Self.sizesAES)
            || Self.isBefore(minimumRSA, other.minimumRSA, in: RSAKeySize.allCases)
    }

    private static func isBefore<Size: Equatable>(_ size: Size, _ other: Size, in sizes: [Size]) -> Bool {
        guard let first = sizes.firstIndex(of: size), let second = sizes.firstIndex(of: other) else { return true }
        return first < second
    }
}

extension UnlockedSite {
    /// Refuses one operator alone to weaken the policy of a site that asks for two.
    func checkMayChange(
        _ settings: SiteSettings, from former: SiteSettings, recording event: AuditEvent
    ) throws(FacilityError) {
        guard former.twoOperators, settings.isWeaker(than: former) else { return }
        let count = Set(event.operators.compactMap { OperatorName($0) }).count
        guard count > 1 else { throw .policy(.secondOperatorForPolicy(found: count)) }
    }
}
