import FoundationEssentials
import PaymentCrypto
import Testing

@testable import Facility

@Suite("Header profiles")
struct HeaderProfileTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
    }

    @Test("are read as they were kept, in the order of their names")
    func roundTrip() throws {
        let full = try Self.profile("pax", Self.fullOptions())
        let site = try test.make()
        #expect(site.site.profiles.entries.isEmpty)
        _ = try site.set(full)
        _ = try site.set(try Self.profile("Castles", Self.options(keyVersion: "01")))
        #expect(try Site(at: test.path).profiles.entries.map(\.name.description) == ["Castles", "pax"])
        #expect(try Site(at: test.path).profiles.profile(full.name) == full)
        #expect(try test.unlock().site.profiles.profile(full.name) == full)
    }

    @Test("a new one takes the place of the old one, whole")
    func replacing() throws {
        let site = try test.make()
        _ = try site.set(try Self.profile("pax", Self.fullOptions()))
        let other = try Self.profile("pax", Self.options(keyVersion: "02"))
        _ = try site.set(other)
        #expect(try Site(at: test.path).profiles.entries == [other])
    }

    @Test("removed, it is gone; what is not there cannot be")
    func removing() throws {
        let site = try test.make()
        let profile = try Self.profile("pax", Self.fullOptions())
        _ = try site.set(profile)
        _ = try site.removeProfile(profile.name)
        #expect(try Site(at: test.path).profiles.entries.isEmpty)
        #expect(throws: FacilityError.profileMissing(profile.name)) { _ = try site.removeProfile(profile.name) }
        #expect(throws: FacilityError.profileMissing(profile.name)) {
            _ = try Site(at: test.path).profiles.profile(profile.name)
        }
    }

    @Test(
        "what this tool does not write is no profile",
        arguments: [
            #"{"name": "../x"}"#, #"{"name": "x", "mode_of_use": "Q"}"#, #"{"name": "x", "mode_of_use": "XX"}"#,
            #"{"name": "x", "exportability": ""}"#, #"{"name": "x", "key_version": "1"}"#,
            #"{"name": "x", "key_block_version": "A"}"#, #"{"name": "x", "optional_blocks": ["LB"]}"#,
            #"{"name": "x", "optional_blocks": ["LB=a", "LB=b"]}"#, #"{"name": "x", "ksn_block": "no"}"#,
            #"{"mode_of_use": "X"}"#, "[]",
        ])
    func unreadable(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(HeaderProfile.self, from: Data(json.utf8)) }
    }

    static func profile(_ name: String, _ options: HeaderOptions) throws -> HeaderProfile {
        HeaderProfile(name: try #require(KeyName(name)), options: options)
    }

    static func options(keyVersion: String) -> HeaderOptions {
        var options = HeaderOptions()
        options.keyVersion = KeyVersionNumber(keyVersion)
        return options
    }

    static func fullOptions() throws -> HeaderOptions {
        var options = Self.options(keyVersion: "7A")
        (options.modeOfUse, options.exportability, options.allowsExportable) = (.deriveKeys, .sensitive, true)
        (options.keyBlockVersion, options.serialNumberBlock, options.lengthObfuscation) = (.e, false, true)
        options.optionalBlocks = try ["LB=till {device_id}", "KC", "42=a=b"].map {
            try OptionalBlockOption(argument: $0)
        }
        return options
    }
}
