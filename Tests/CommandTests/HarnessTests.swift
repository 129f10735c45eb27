import Glibc
import Testing

/// The harness is tested, too: a wrong expectation must fail.
struct HarnessTests {
    @Test func `A transcript that is right passes`() throws {
        #expect(try failures("$ echo one; echo two >&2\n> one\n2> two\nstdout contains on\nstdout lacks two\n") == [])
        #expect(try failures("! 3 exit 3\nstdout empty\nstderr empty\n") == [])
        #expect(
            try failures("$ cat folder/note\n> a\n>\n> b\nexists folder\nmissing other\n-- folder/note --\na\n\nb\n")
                == [])
        #expect(try failures("$ printf 'a\\nb\\nc 17 d\\n'\n> ...\n> c ... d\n") == [])
        #expect(try failures("$ echo one \\\n    two\n> one two\n") == [])
    }

    @Test(arguments: [
        "$ exit 1", "! 1 true", "! 65 exit 66", "! 132 kill -ILL $$; true",
        "$ echo one\n> two", "$ echo one\n> one\n> two", "$ printf 'one\\ntwo\\n'\n> one", "$ echo one\n> on",
        "$ echo one >&2\n2> two", "$ echo one\n2> one", "$ echo\nstdout empty", "$ echo >&2\nstderr empty",
        "$ echo one\nstdout contains two", "$ echo one\nstderr contains one", "$ echo one\nstdout lacks one",
        "$ true\nexists nothing", "$ ln -s nothing link\nmissing link", "$ printf 'a\\nc\\n'\n> a\n> ...\n> b",
        "$ echo abc\n> a...d", "$ echo aba\n> ab...ba", "$ ipek selftest >/dev/null; ipek nonsense",
    ])
    func `A transcript that is wrong fails`(_ text: String) throws {
        #expect(try failures(text + "\n").count == 1)
    }

    @Test(arguments: ["$ true\nnonsense", "", "# prose only", "$true", "! ipek", "$ true\nstdout", "site"])
    func `What is no transcript is refused`(_ text: String) {
        #expect(throws: HarnessError.self) { try Transcript(name: "test", text: text) }
    }

    @Test func `A signal that ends a program is no exit status`() throws {
        let outcome = try Workspace().shell("kill -TRAP $$")
        #expect(outcome.status == nil)
        #expect(outcome.endedBy == SIGTRAP)
    }

    @Test func `Memory is measured as the program has it`() throws {
        let workspace = try Workspace()
        let small = try workspace.shell("exec sleep 0.1")
        #expect(small.peakMemory > 0 && small.peakMemory < 20_000)
        let large = try workspace.shell("x=$(head -c 60000000 /dev/zero | tr '\\0' x); exec 3</dev/null; sleep 0.1")
        #expect(large.peakMemory > 58_000)
    }

    @Test func `A stream reaches the program whole`() throws {
        let invocation = Invocation(
            arguments: ["/usr/bin/wc", "-c"], folder: "/",
            input: .stream { write in
                let block = [UInt8](repeating: 0x78, count: 1_000)
                for _ in 0..<1_000 where !block.withUnsafeBytes(write) { return }
            })
        #expect(try invocation.run().standardOutput == "1000000\n")
    }

    @Test func `The test site has the sample keys`() throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.ipek(["key", "list"])
        #expect(outcome.status == 0)
        for name in ["bdk-tdes", "bdk-aes", "kbpk-tdes", "kbpk-aes"] { #expect(outcome.standardOutput.contains(name)) }
    }

    @Test func `A workspace is removed`() throws {
        let folder = try Workspace().folder
        #expect(access(folder, F_OK) != 0)
    }

    @Test func `A missing command is told plainly`() {
        #expect(
            throws: HarnessError(
                "there is no command to test at nowhere/ipek: run 'make release', or name one with IPEK_BINARY")
        ) { try Suite.requireCommand(at: "nowhere/ipek") }
    }

    private func failures(_ text: String) throws -> [String] {
        try TranscriptRun.failures(of: Transcript(name: "test", text: text))
    }
}
