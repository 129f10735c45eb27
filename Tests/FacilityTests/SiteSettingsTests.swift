import FoundationEssentials
import PaymentCrypto
import Testing

@testable import Facility

@Suite("Settings and policy")
struct SiteSettingsTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
    }

    private static let examples: [(SiteSettings.Key, good: [String], bad: [String])] = [
        (.allowSoftwareKeys, ["true", "false"], ["", "1", "yes", "TRUE"]),
        (
            .operators, ["any", "ann", "ann,bob b,Çelik"],
            ["", ",", "ann,", "ann,Ann", "a\tb", String(repeating: "x", count: 65)]
        ),
        (.twoOperators, ["true", "false"], ["2", "any"]),
        (.minimumTDES, ["tdes-2key", "tdes-3key"], ["aes-128", "tdes", ""]),
        (.minimumAES, ["aes-128", "aes-192", "aes-256"], ["tdes-2key", "128"]),
        (.minimumRSA, ["rsa-2048", "rsa-3072", "rsa-4096"], ["rsa-1024", "2048"]),
        (.transports, ["tr31", "tr34,rsa-oaep", "tr31,tr34,rsa-oaep"], ["", "any", "tr31,tr31", "tr31,fax"]),
        (.defaultProfile, ["none", "kiosk", "a.b-c_1"], ["", "two words", "-"]),
    ]

    @Test("every setting takes its own values and no others, and shows what it took")
    func values() throws {
        #expect(Self.examples.map(\.0) == SiteSettings.Key.allCases)
        for (key, good, bad) in Self.examples {
            var settings = SiteSettings()
            for text in good {
                let isTaken = settings.set(key, to: text)
                #expect(isTaken, "\(key) \(text)")
                #expect(settings[key] == text)
                let copy = try JSONDecoder().decode(SiteSettings.self, from: try JSONEncoder().encode(settings))
                #expect(copy == settings)
            }
            let before = settings
            for text in bad {
                let isTaken = settings.set(key, to: text)
                #expect(!isTaken, "\(key) \(text)")
            }
            #expect(settings == before)
        }
    }

    @Test("an older file has the values of a new site", arguments: ["{}", #"{"allowSoftwareKeys":false}"#])
    func olderFile(text: String) throws {
        #expect(try JSONDecoder().decode(SiteSettings.self, from: Data(text.utf8)) == SiteSettings())
    }

    @Test(
        "a value of another type, and a name that is none",
        arguments: [
            (
                #"{"allowSoftwareKeys":"true"}"#,
                "setting allowSoftwareKeys: expected true or false, found something else"
            ),
            (#"{"twoOperators":1}"#, "setting twoOperators: expected true or false, found something else"),
            (
                #"{"minimumTDES":"aes-128"}"#,
                "setting minimumTDES: expected tdes-2key or tdes-3key, found something else"
            ),
            (#"{"threeOperators":true}"#, "there is no setting 'threeOperators'"),
        ])
    func badFile(text: String, message: String) throws {
        let fault = #expect(throws: SettingFault.self) {
            _ = try JSONDecoder().decode(SiteSettings.self, from: Data(text.utf8))
        }
        #expect(fault?.description == message)
    }

    @Test("null is no value where there must be one", arguments: SiteSettings.Key.allCases)
    func null(key: SiteSettings.Key) {
        let text = Data(#"{"\#(key.rawValue)":null}"#.utf8)
        let settings = try? JSONDecoder().decode(SiteSettings.self, from: text)
        #expect(settings == (key == .operators || key == .defaultProfile ? SiteSettings() : nil))
    }

    @Test("operators are known by their names, whatever the case")
    func operators() throws {
        let (ann, bob, eve) = (try name("Ann"), try name("bob"), try name("eve"))
        let open = try test.make()
        try open.check(operators: [])
        try open.checkRun(operators: [])
        _ = try open.change { settings in
            settings.operators = [ann, bob]
            settings.twoOperators = true
        }
        let site = try test.unlock()
        try site.check(operators: [try name("ANN")])
        #expect(throws: FacilityError.policy(.operatorMissing)) { try site.check(operators: []) }
        #expect(throws: FacilityError.policy(.operatorUnknown(eve))) { try site.check(operators: [ann, eve]) }
        try site.checkRun(operators: [ann, bob])
        #expect(throws: FacilityError.policy(.secondOperatorMissing(found: 1))) {
            try site.checkRun(operators: [ann, try name("ANN")])
        }
    }

    @Test("two operators make a policy weaker, one makes it stricter")
    func weakening() throws {
        let site = try test.make()
        _ = try site.change { settings in
            (settings.twoOperators, settings.minimumTDES, settings.minimumAES) = (true, .tdes3Key, .aes192)
            (settings.minimumRSA, settings.transports, settings.operators) = (.rsa3072, [.tr31], nil)
        }
        let weaker: [(inout SiteSettings) -> Void] = [
            { $0.twoOperators = false }, { $0.allowSoftwareKeys = true }, { $0.minimumTDES = .tdes2Key },
            { $0.minimumAES = .aes128 }, { $0.minimumRSA = .rsa2048 }, { $0.transports = [.tr31, .tr34] },
            { $0.operators = OperatorName("eve").map { [$0] } },
        ]
        let before = try test.read("site.json")
        for operators in [[], ["ann"], ["ann", "ANN"]] {
            for edit in weaker {
                #expect(throws: FacilityError.policy(.secondOperatorForPolicy(found: operators.isEmpty ? 0 : 1))) {
                    try change(site, by: operators, edit)
                }
            }
        }
        #expect(try test.read("site.json") == before)
        for edit in weaker.dropFirst() { try change(site, by: ["ann", "bob"], edit) }
        for edit: (inout SiteSettings) -> Void in [
            { $0.allowSoftwareKeys = false }, { $0.minimumAES = .aes256 }, { $0.minimumRSA = .rsa4096 },
            { $0.transports = [.tr34] },
        ] {
            try change(site, by: ["ann"], edit)
        }
        try change(site, by: ["ann", "bob"], weaker[0])
        try change(site, by: [], weaker[1])
    }

    private func change(
        _ site: borrowing UnlockedSite, by operators: [String], _ edit: (inout SiteSettings) -> Void
    ) throws {
        var event = AuditEvent("site set")
        event.operators = operators
        _ = try site.change(recording: &event) { settings, _ in edit(&settings) }
    }

    @Test(
        "names",
        arguments: [
            ("Ann Lee", true), ("Çelik", true), ("", false), (" a", false), ("a ", false), ("a\nb", false),
            ("a\u{202E}b", false), ("a\u{A0}b", false), ("\u{7F}", false),
        ])
    func operatorNames(text: String, isName: Bool) {
        #expect((OperatorName(text) != nil) == isName)
    }

    @Test("the smallest sizes are those of keys that wrap others, taken in or used")
    func sizes() throws {
        let site = try test.make()
        let wrapping = try UnlockedSite.NewKey("wrap", .keyBlockProtection, .aes128)
        _ = try site.add(try SymmetricKey.random(.aes128), as: wrapping)
        _ = try site.change { settings in
            settings.minimumAES = .aes192
            settings.minimumTDES = .tdes3Key
        }
        let strict = try test.unlock()
        let refusal = FacilityError.policy(.keyTooSmall(wrapping.name, minimum: .aes192, found: .aes128))
        for role in [KeyRole.wrapping, .unwrapping] {
            #expect(throws: refusal) { _ = try strict.key(named: wrapping.name, for: role) }
        }
        for usage in [KeyUsage.keyEncryption, .keyBlockProtection] {
            #expect(throws: FacilityError.self) {
                _ = try strict.add(try SymmetricKey.random(.tdes2Key), as: try .init("small", usage, .tdes2Key))
            }
            let name = "big-\(usage)"
            _ = try strict.add(try SymmetricKey.random(.tdes3Key), as: try .init(name, usage, .tdes3Key))
        }
        // A TDES BDK has two keys by DUKPT's nature.
        _ = try strict.add(try SymmetricKey.random(.tdes2Key), as: try .init("bdk", .baseDerivationKey, .tdes2Key))
        _ = try strict.add(try SymmetricKey.random(.aes128), as: try .init("bdk-aes"))
    }

    @Test("the environment changes only while the keyring is empty, and nobody adds to what became another site")
    func environment() throws {
        let site = try test.make()
        let stale = try test.unlock()
        #expect(try site.change(.production).environment == .production)
        #expect(throws: FacilityError.policy(.environmentChanged)) {
            _ = try stale.add(try SymmetricKey.random(.aes128), as: try .init("bdk"))
        }
        let production = try test.unlock()
        _ = try production.add(try SymmetricKey.random(.aes128), as: try .init("bdk"))
        #expect(throws: FacilityError.policy(.environmentOfKeys(count: 1))) { _ = try production.change(.test) }
        #expect(try production.change(.production).environment == .production)
    }

    @Test("ways out")
    func transports() throws {
        let site = try test.make()
        for transport in KeyTransport.allCases { try site.check(transport: transport) }
        _ = try site.change { $0.transports = [.tr34] }
        let strict = try test.unlock()
        try strict.check(transport: .tr34)
        #expect(throws: FacilityError.policy(.transport(.tr31, allowed: [.tr34]))) {
            try strict.check(transport: .tr31)
        }
    }

    private func name(_ text: String) throws -> OperatorName { try #require(OperatorName(text)) }
}
