import Foundation
import Testing

/// The search of the canary test finds what it is to find: a test that cannot fail shows nothing.
struct SecretSearchTests {
    private static let secret: [UInt8] = (0..<16).map { UInt8(truncatingIfNeeded: 0xC3 &+ $0 &* 37) }
    private static let noise = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
    private let search: SecretSearch

    init() throws {
        var search = SecretSearch()
        try search.add("key", Self.secret)
        self.search = search
    }

    private static let hexadecimal = secret.map { String(format: "%02x", $0) }

    static let forms: [(String, [UInt8], String)] = {
        let base64 = (0..<3).map { Data([UInt8](repeating: 7, count: $0) + secret + [1, 2]).base64EncodedString() }
        let address = base64[1].replacing("+", with: "-").replacing("/", with: "_")
        return [
            ("bytes", secret, "key"),
            ("the first half", Array(secret[..<8]), "key"),
            ("the second half", Array(secret[8...]), "key"),
            ("lower case", Array(hexadecimal.joined().utf8), "key in hexadecimal"),
            ("upper case", Array(hexadecimal.joined().uppercased().utf8), "key in hexadecimal"),
            ("grouped", Array(hexadecimal.joined(separator: " ").utf8), "key in hexadecimal"),
            ("with colons", Array(hexadecimal.joined(separator: ":").uppercased().utf8), "key in hexadecimal"),
            ("on two lines", Array(hexadecimal.joined(separator: "\n").utf8), "key in hexadecimal"),
            ("Base64", Array(base64[0].utf8), "key in Base64"),
            ("Base64, a byte before", Array(base64[1].utf8), "key in Base64"),
            ("Base64, two bytes before", Array(base64[2].utf8), "key in Base64"),
            ("Base64 for addresses", Array(address.utf8), "key in Base64"),
        ]
    }()

    @Test(arguments: forms)
    func `A planted secret is found`(_ form: (name: String, text: [UInt8], expected: String)) {
        let separator = [UInt8(ascii: "\n")]
        #expect(search.names(in: Self.noise + separator + form.text + separator + Self.noise) == [form.expected])
        #expect(search.names(in: form.text) == [form.expected])
    }

    @Test func `Where there is none, none is found`() {
        #expect(search.names(in: Self.noise).isEmpty)
        #expect(search.names(in: []).isEmpty)
        #expect(search.names(in: Array(Self.secret[..<7])).isEmpty)
        #expect(search.names(in: Array(Self.hexadecimal.joined().dropLast(18).utf8)).isEmpty)
    }
}
