import Testing

@testable import Provisioning

/// `report.html` as a run leaves it; what a browser makes of it is tested in Tests/Pages.
@Suite("The page of a run")
struct RunReportTests {
    private static let fleet = #"""
        device_id,ksn,model,slot
        T-1,FFFF9876543210E00000,Kiosk,
        T-2,FFFF9876543211000000,"Kiosk ""2"" x",pin
        T-3,FFFF9876543211400000,Kiosk,

        """#

    @Test("it has every device, and the digests of the files before it")
    func contents() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.operators = ["ayse", "mehmet"]
        let record = try fixture.finish(Self.fleet, options)
        let page = try fixture.read("out/report.html")
        #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
        #expect(page.contains("\n3\tT-2\tKiosk \"2\" x\tpin\tFFFF9876543211000000\t"))
        #expect(page.contains("<td>Kiosk &quot;2&quot; x</td>"))
        #expect(page.contains("3 numbers issued in 2 ranges, with 1 gap of together 1 number."))
        let sums = try fixture.read("out/SHA256SUMS").split(separator: "\n")
        for sum in sums where !sum.hasSuffix("report.html") && !sum.hasSuffix("run.json") {
            #expect(page.contains(sum.prefix(64)))
        }
        #expect(sums.contains { $0.hasSuffix("  report.html") })
        #expect(page.contains(record.runId) && page.contains(record.manifest.sha256))
        #expect(page.contains("<td>ayse</td>") && page.contains("<td>mehmet</td>"))
    }
}
