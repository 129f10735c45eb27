import PaymentCrypto
import Testing

@testable import Facility

/// Every kind of tampering is found, and named by the first line that is not as it was.
@Suite("Audit log, tampered with")
struct AuditTamperingTests {
    private let lineEnd = UInt8(ascii: "\n")

    @Test("any flipped bit of any line", arguments: 0..<8)
    func flippedBits(bit: Int) throws {
        let audit = try AuditFixture(events: 3)
        let whole = try audit.bytes
        var line = 1
        for (index, byte) in whole.enumerated() {
            var changed = whole
            changed[index] = byte ^ 1 << UInt8(bit)
            try audit.write(changed)
            let found = try audit.badLine()
            if found != line {
                Issue.record("byte \(index), bit \(bit): expected line \(line), found \(String(describing: found))")
            }
            if byte == lineEnd { line += 1 }
        }
        #expect(line == 4)
    }

    @Test("a cut anywhere: in a line by itself, between lines against a head")
    func cuts() throws {
        let audit = try AuditFixture(events: 3)
        let whole = try audit.bytes
        let head = try #require(try audit.site.verifyAuditLog().head)
        for count in whole.indices {
            let kept = Array(whole.prefix(count))
            try audit.write(kept)
            let lines = kept.count { $0 == lineEnd }
            let isBetween = kept.last == lineEnd
            let found = try audit.badLine()
            if found != (isBetween ? nil : lines + 1) {
                Issue.record("cut to \(count): found \(String(describing: found))")
            }
            if isBetween { #expect(try audit.badLine(expecting: head) == 0) }
        }
    }

    @Test("after a cut in a line the log goes on, and the cut stays visible against the head")
    func goingOnAfterCuts() throws {
        let audit = try AuditFixture(events: 3)
        let whole = try audit.bytes
        let head = try #require(try audit.site.verifyAuditLog().head)
        let firstEnd = try #require(whole.firstIndex(of: lineEnd))
        for count in stride(from: firstEnd + 1, to: whole.count - 1, by: 17) {
            try audit.write(Array(whole.prefix(count)))
            _ = try audit.site.record(AuditFixture.event(9))
            #expect(try audit.badLine() == nil)
            #expect(try audit.badLine(expecting: head) == 0)
        }
    }

    @Test("two lines that changed places")
    func swaps() throws {
        let audit = try AuditFixture(events: 5)
        let lines = try audit.lines
        for first in lines.indices {
            for second in lines.indices where second > first {
                var changed = lines
                changed.swapAt(first, second)
                try audit.write(lines: changed)
                #expect(try audit.badLine() == first + 1)
            }
        }
    }

    @Test("a line that is gone, doubled or empty")
    func removalsAndRepetitions() throws {
        let audit = try AuditFixture(events: 5)
        let lines = try audit.lines
        for index in lines.indices {
            var changed = lines
            changed.remove(at: index)
            try audit.write(lines: changed)
            // Without its last line a log is whole: only a head tells.
            #expect(try audit.badLine() == (index == 4 ? nil : index + 1))
            changed = lines
            changed.insert(lines[index], at: index)
            try audit.write(lines: changed)
            #expect(try audit.badLine() == index + 2)
            changed[index] = []
            try audit.write(lines: changed)
            #expect(try audit.badLine() == index + 1)
        }
    }

    @Test("lines of another site, and a whole log of one")
    func otherSites() throws {
        let (audit, other) = (try AuditFixture(events: 5), try AuditFixture(events: 5))
        let (lines, others) = (try audit.lines, try other.lines)
        for index in lines.indices {
            var changed = lines
            changed[index] = others[index]
            try audit.write(lines: changed)
            #expect(try audit.badLine() == index + 1)
        }
        try audit.write(lines: others)
        #expect(try audit.badLine() == 1)
    }

    @Test("a history rewritten with digests that fit, but without the key")
    func rewriting() throws {
        let audit = try AuditFixture(events: 5)
        let other = try AuditFixture(events: 1)
        let lines = try audit.lines
        let own = try audit.site.auditKey()
        let strange = try other.site.auditKey()
        for start in lines.indices {
            // First the codes of a key that anybody can make, then the codes that were there.
            for keepsCodes in [false, true] {
                var changed = lines
                var last: (sequence: Int, head: AuditHead)?
                if start > 0 { last = (start, try AuditHead(of: lines[start - 1])) }
                for index in start..<lines.count {
                    let line = AuditLine(AuditFixture.event(100 + index), after: last)
                    changed[index] = try line.encode(under: strange)
                    if keepsCodes {
                        changed[index].replaceSubrange((changed[index].count - 66)..., with: lines[index].suffix(66))
                    }
                    last = (index + 1, try AuditHead(of: changed[index]))
                }
                try audit.write(lines: changed)
                #expect(try audit.badLine() == start + 1)
            }
        }
        // With the key it would pass: the test rewrites as it means to.
        let forged = try AuditLine(AuditFixture.event(1), after: nil).encode(under: own)
        try audit.write(lines: [forged])
        #expect(try audit.badLine() == nil)
    }

    @Test("genuine lines of another history of the same site")
    func branches() throws {
        let audit = try AuditFixture(events: 3)
        let (short, lines) = (try audit.bytes, try audit.lines)
        _ = try audit.site.record(AuditFixture.event(3))
        let first = try audit.lines
        try audit.write(short)
        _ = try audit.site.record(AuditFixture.event(33))
        _ = try audit.site.record(AuditFixture.event(34))
        let second = try audit.lines
        try audit.write(lines: lines + [first[3], second[4]])
        #expect(try audit.badLine() == 5)
        #expect(try audit.fault()?.reason == "the line before is not the one that this line followed")
    }

    @Test("a line longer than any event", .timeLimit(.minutes(5)))
    func endlessLine() throws {
        let audit = try AuditFixture(events: 2)
        let whole = try audit.bytes
        try audit.write(whole + [UInt8](repeating: UInt8(ascii: "x"), count: 34 << 20))
        #expect(try audit.badLine() == 3)
        #expect(throws: FacilityError.self) { _ = try audit.site.record(AuditFixture.event(2)) }
    }

    @Test("what is no line at all", arguments: ["", "{}", "null", "\u{0}", #"{"hmac":""}"#, "hmac", "é"])
    func nonsense(text: String) throws {
        let audit = try AuditFixture(events: 2)
        try audit.write(try audit.bytes + Array((text + "\n").utf8))
        #expect(try audit.badLine() == 3)
    }
}
