import Foundation
import Testing

@testable import Provisioning

/// How diagnostics are printed, kept and encoded.
struct DiagnosticTests {
    private let fault = Diagnostic(file: "m.csv", line: 3, column: "ksn", message: "expected x, found y", hint: "do z")

    @Test func printsPlaceSeverityColumnAndHint() {
        #expect(fault.description == "m.csv:3: error: ksn: expected x, found y\n  hint: do z")
        let notice = Diagnostic(file: "-", line: 1, severity: .notice, message: "ignored column: 'a'")
        #expect(notice.description == "-:1: notice: ignored column: 'a'")
    }

    @Test func encodesAllSixNames() throws {
        var list = DiagnosticList()
        list.add(fault)
        list.add(Diagnostic(file: "m.csv", line: 4, severity: .warning, message: "m"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(list), as: UTF8.self)
        #expect(
            text == #"{"diagnostics":[{"column":"ksn","file":"m.csv","hint":"do z","line":3,"#
                + #""message":"expected x, found y","severity":"error"},{"column":null,"file":"m.csv","hint":null,"#
                + #""line":4,"message":"m","severity":"warning"}]}"#)
    }

    @Test func keepsTheFirstAndCountsTheRest() {
        var list = DiagnosticList(limit: 2)
        for line in 1...5 { list.add(Diagnostic(file: "m", line: line, message: "f")) }
        list.add(Diagnostic(file: "m", line: 6, severity: .notice, message: "n"))
        #expect(list.kept.map(\.line) == [1, 2, 6])
        #expect(list.errorCount == 5)
        #expect(list.omittedCount == 3)
        var all = DiagnosticList(limit: nil)
        for line in 1...500 { all.add(Diagnostic(file: "m", line: line, message: "f")) }
        #expect(all.kept.count == 500 && all.omittedCount == 0)
    }
}
