import Testing

@testable import Provisioning

/// Text on its way into a page.
@Suite("Text in pages")
struct PageTextTests {
    @Test(
        "what a browser would take for markup is an entity, whatever stands behind it",
        arguments: [
            ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"), ("\"\u{301} x", "&quot;\u{301} x"), ("<\u{338}i", "&lt;\u{338}i"),
            ("a\u{202E}b\u{0}c\u{85}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"), ("Öztürk\n\t東京", "Öztürk\n\t東京"),
        ])
    func escaping(text: String, escaped: String) {
        #expect(PageContent().escapeText(text) == escaped)
    }

    @Test("a template cannot be made to escape otherwise, and its values are no templates")
    func values() throws {
        struct Page {
            let barText = "{{barParts}} \"\u{301}"
            let barParts: [PageBarPart] = []
        }
        let text = try PageTemplates.render(Page(), with: "bar")
        #expect(text.contains("aria-label=\"{{barParts}} &quot;\u{301}\""))
    }

    @Test(
        "rows for the script",
        arguments: [
            ("line,a,b\n1,x,y\n", "1\ty\n"), ("line,a,b\n1,,\n2,,z\n", "1\t\n2\tz\n"),
            ("line,a,b\n1,\"q,\"\"\n\",\"</script> \\ \"\"\"\n", "1\t\\l/script> \\\\ \"\n"), ("line,a,b\n", ""),
            ("line,a,b\n1,x,\"one\ntwo\"\n", "1\tone\\ntwo\n"),
        ])
    func rows(csv: String, lines: String) {
        let bytes = Array(csv.utf8)
        // However the file comes in pieces.
        for size in 1...max(1, bytes.count) {
            var transcriber = RowTranscriber(sources: [0, 2])
            let text = ByteBuffer(capacity: 64)
            for start in stride(from: 0, to: bytes.count, by: size) {
                bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { piece in
                    _ = transcriber.take(piece, into: text)
                }
            }
            #expect(String(decoding: text.characters, as: UTF8.self) == lines)
        }
    }

    @Test("rows that are left out, and a limit")
    func someRows() {
        let csv = Array("a,b\n1,x\n2,y\n3,x\n4,y\n5,y\n".utf8)
        var transcriber = RowTranscriber(sources: [0, 1], limit: 2, leavingOut: (field: 1, value: "x"))
        let text = ByteBuffer(capacity: 64)
        let goesOn = csv.withUnsafeBytes { transcriber.take($0, into: text) }
        #expect(!goesOn)
        #expect(String(decoding: text.characters, as: UTF8.self) == "2\ty\n4\ty\n")
    }

    @Test(arguments: [
        (0.000_4, "0.4 ms"), (0.25, "250 ms"), (3.21, "3.2 s"), (125, "2 min 5 s"), (8_000, "2 h 13 min"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(PageText.duration(seconds) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")])
    func numbers(number: Int, text: String) {
        #expect(PageText.grouped(number) == text)
    }

    @Test func moments() {
        #expect(PageText.moment("2026-11-24T09:12:05Z") == "24 November 2026, 09:12:05 UTC")
        #expect(PageText.moment("yesterday") == "yesterday")
        #expect(PageText.share(1, of: 3_000) == "less than 0.1%")
        #expect(PageText.share(2_999, of: 3_000) == "more than 99.9%")
    }

    @Test("every part of a bar can be seen, and together they are its length")
    func bars() {
        let parts = PageBarPart.parts([("issued", 999_998), ("rejected", 2), ("missing", 0)], of: 1_000_000)
        #expect(parts.map(\.kind) == ["issued", "rejected"])
        #expect(parts.map(\.width) == ["997.00", "3.00"] && parts[1].x == "997.00")
        #expect(PageBarPart.parts([("issued", 0)], of: 0).isEmpty)
    }
}
