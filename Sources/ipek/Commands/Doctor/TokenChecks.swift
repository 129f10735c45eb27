import Facility
import TokenEngine

/// The tokens that have keys of the site: what they say of themselves to anybody, without a PIN.
enum TokenChecks {
    static func tokens(_ subject: DoctorSubject) -> [Finding] {
        guard let keyring = try? subject.keyring.get() else { return [] }
        var uris: [TokenURI] = []
        for case .token(let location) in keyring.entries.map(\.place) {
            for text in [location.uri, location.variant, location.encryption, location.authentication].compactMap(
                \.self)
            {
                guard let uri = try? TokenURI(text).tokenAlone, !uris.contains(uri) else { continue }
                uris.append(uri)
            }
        }
        return uris.flatMap(findings)
    }

    private static func findings(_ uri: TokenURI) -> [Finding] {
        do {
            let facts = try TokenFacts(uri)
            return [standing(facts)].compactMap(\.self) + facts.findings.map { attention($0, facts) }
        } catch {
            return [
                Finding(
                    "token", .error, "\(error)", remedy: (error as? TokenError)?.hint ?? "see that the token is there")
            ]
        }
    }

    private static func standing(_ facts: TokenFacts) -> Finding? {
        let what = "'\(facts.label)' (\(facts.manufacturer), \(facts.model), firmware \(facts.firmware))"
        guard facts.hasColumns else {
            return Finding(
                "token", .notice, "\(what) has no ECB: keys are used a block or a message at a time, which is slow")
        }
        return Finding("token", .ok, "\(what) is there")
    }

    private static func attention(_ finding: String, _ facts: TokenFacts) -> Finding {
        facts.isLocked
            ? Finding("token", .error, finding, remedy: "the token's security officer can set a new PIN")
            : Finding("token", .warning, finding, remedy: "see docs/tokens.md, 'The PIN', before the next one is given")
    }
}
