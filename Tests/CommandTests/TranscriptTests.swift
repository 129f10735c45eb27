import Testing

struct TranscriptTests {
    @Test(arguments: try Transcript.all())
    func `Every step comes out as written`(_ transcript: Transcript) throws {
        for failure in try TranscriptRun.failures(of: transcript) { Issue.record("\(failure)") }
    }
}
