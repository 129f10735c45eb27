import Foundation
import Glibc
import Testing

/// With known secrets every command is run, succeeds and fails and is killed; then they are looked for everywhere.
@Suite(.serialized) struct CanaryTests {
    /// A folder with a site and a token that know the secrets, copied for each command.
    private struct Ground {
        let secrets: CanarySecrets
        let folder: String
    }

    private static let ground = Result { try makeGround() }

    /// A new command has to be added here; the list is the program's own.
    @Test func `No command is left out`() throws {
        let workspace = try Workspace()
        let help = try workspace.ipek(["--experimental-dump-help"])
        let dump = try JSONDecoder().decode(HelpDump.self, from: Data(help.standardOutput.utf8))
        let commands = Set(dump.command.leaves)
        try #require(commands.count > 10)
        #expect(commands.subtracting(CanaryCase.all.filter(\.succeeds).map(\.command)).sorted() == [])
        #expect(commands.subtracting(CanaryCase.all.filter { !$0.succeeds }.map(\.command)).sorted() == [])
    }

    @Test(arguments: CanaryCase.all)
    func `Nothing tells a secret`(_ given: CanaryCase) throws {
        let (outcome, found) = try Self.play(given)
        #expect(found.isEmpty, "\(found.sorted())")
        #expect(given.succeeds == (outcome.status == 0), "\(outcome.status ?? -1): \(outcome.standardError)")
        #expect(outcome.endedBy == nil)
    }

    @Test(arguments: CanaryCase.all.filter(\.succeeds))
    func `Killed at any moment, nothing tells a secret`(_ given: CanaryCase) throws {
        for moment in [0, 2, 4, 9] {
            let (_, found) = try Self.play(given, abortingAfter: moment)
            #expect(found.isEmpty, "\(found.sorted())")
        }
    }

    @Test func `A run that is killed while it makes keys`() throws {
        let line = "provision large.csv --bdk bdk --kbpk wrap --output out --layout csv --jobs 2 $P"
        let given = CanaryCase(command: "provision", line: line, succeeds: false)
        for signal in [SIGABRT, SIGSEGV] {
            let (outcome, found) = try Self.play(
                given,
                ending: { workspace, process in
                    workspace.exists("out.incomplete/keyblocks.csv") && kill(process, signal) == 0
                })
            #expect(outcome.endedBy == signal)
            // Swift's runtime says so at the start where it was asked for backtraces and has no program for them.
            let words = outcome.standardError.split(separator: "\n").filter {
                !$0.contains("unable to locate swift-backtrace")
            }
            #expect(words.isEmpty && outcome.standardOutput == "", "\(words)")
            #expect(found.isEmpty, "\(found.sorted())")
        }
    }

    @Test(arguments: CanaryCase.pasted)
    func `A secret in the wrong place is not said again`(_ given: CanaryCase) throws {
        let (outcome, found) = try Self.play(given, isPasted: true)
        #expect(found.isEmpty, "\(found.sorted())")
        #expect(outcome.status != 0)
    }

    /// The same look at a program that tells everything.
    @Test func `A program that tells is found out`() throws {
        let leak = CanaryCase(command: "", line: "", succeeds: true)
        let line =
            "cat $S/new.1; cat $S/passphrase >&2; base64 < $S/new.2 > leak; export X=$(< $S/pin); "
            + "exec python3 -c 'import time; time.sleep(1)' $(< $S/short)"
        let (_, found) = try Self.play(leak, shell: line)
        for place in ["stdout", "stderr", "leak", "environment", "arguments"] {
            #expect(found.contains { $0.hasPrefix("\(place): ") }, "\(place) not in \(found.sorted())")
        }
    }

    // MARK: Playing

    private static func play(
        _ given: CanaryCase, abortingAfter moment: Int? = nil, isPasted: Bool = false, shell: String? = nil,
        ending: ((Workspace, pid_t) -> Bool)? = nil
    ) throws -> (Invocation.Outcome, Set<String>) {
        let ground = try ground.get()
        let workspace = try copy(of: ground)
        if ending != nil { try writeLargeManifest(to: workspace) }
        let line = shell ?? "exec ipek \(given.line)"
        var invocation = try workspace.shellInvocation(
            "ulimit -c unlimited; P='--passphrase-file '$S/passphrase; \(line)")
        var (moments, seen, isEnded) = (0, Set<[UInt8]>(), false)
        // Answers false, so that it is called as long as the program runs.
        invocation.meanwhile = { process in
            for name in isPasted ? ["environ"] : ["cmdline", "environ"] {
                guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") else { continue }
                seen.insert(Array("\(name == "cmdline" ? "arguments" : "environment")\0".utf8) + bytes)
            }
            if let ending, !isEnded { isEnded = ending(workspace, process) }
            if moment == moments { kill(process, SIGABRT) }
            moments += 1
            return false
        }
        let outcome = try invocation.run()
        var secrets = ground.secrets
        if given.makesRSAKeys { try secrets.addRSAKeys(of: "\(workspace.folder)/site") }
        var found = find(secrets, Array(outcome.standardOutput.utf8), in: "stdout")
        found.formUnion(find(secrets, Array(outcome.standardError.utf8), in: "stderr"))
        for bytes in seen {
            let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            found.formUnion(find(secrets, bytes, in: name))
        }
        return (outcome, found.union(try findInFiles(secrets, workspace.folder)))
    }

    private static func findInFiles(_ secrets: CanarySecrets, _ folder: String) throws -> Set<String> {
        var found: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            found.formUnion(find(secrets, Array(name.utf8), in: "names of files"))
            // A folder has no contents.
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            found.formUnion(find(secrets, Array(data), in: name))
        }
        return found
    }

    private static func find(_ secrets: CanarySecrets, _ bytes: [UInt8], in place: String) -> Set<String> {
        Set(secrets.search.names(in: bytes).map { "\(place): \($0)" })
    }

    // MARK: The ground

    private static func makeGround() throws -> Ground {
        var secrets = try CanarySecrets()
        let workspace = try Workspace()
        try prepare(workspace, secrets)
        try FileManager.default.createDirectory(
            atPath: "\(workspace.folder)/tokens", withIntermediateDirectories: false)
        try workspace.write(CanarySecrets.manifest, to: "fleet.csv")
        try workspace.write(CanarySecrets.aesManifest, to: "aes.csv")
        try workspace.write("device_id,ksn\nD-1,FFFF9876500000E00000\n", to: "done.csv")
        try workspace.write(CanarySecrets.finishedManifest, to: "finished.csv")
        let components = ["bdk", "wrap", "aes", "wrap-aes"].map { name in
            let algorithm = ["aes": "aes-128", "wrap-aes": "aes-256"][name] ?? "tdes-2key"
            let usage = name.hasPrefix("wrap") ? "kbpk" : "bdk"
            return "ipek key import \(name) --usage \(usage) --algorithm \(algorithm) --components 2 --component-file "
                + "$S/\(name).1 --component-file $S/\(name).2 $P --quiet"
        }
        let lines =
            [
                "softhsm2-util --init-token --free --label KIF --so-pin 'TEST SO PIN' --pin \"$(< $S/pin)\"",
                "ipek init --scrypt-log-n 12 $P",
            ] + components + [
                "ipek key generate old --usage D0 --algorithm tdes-2key --exportability E $P",
                "ipek key import inside --usage kbpk --algorithm tdes-2key --components 2 --component-file $S/wrap.1 "
                    + "--component-file $S/wrap.2 --to-token \"$TOKEN;object=inside$MODULE\" $P",
                "ipek key export old --tr31 --under wrap $P > block",
                "ipek key generate kdh --usage sign --algorithm rsa-2048 $P",
                "ipek key generate krd --usage key-transport --algorithm rsa-2048 $P",
                "ipek certificate show kdh $P > chain.pem",
                "ipek exchange begin-export --json $P > parameters",
                "ipek provision finished.csv --bdk bdk --kbpk wrap --output finished $P",
                "openssl req -x509 -newkey rsa:2048 -nodes -keyout $S/ca.key -subj /CN=CA -days 30 -out ca.pem",
                "openssl genpkey -algorithm RSA -out $S/signer.key",
                "ipek provision done.csv --bdk bdk --kbpk wrap --output done --layout csv $P",
                #"sed -n 's/.*"run_id" : "\(.*\)".*/\1/p' done/run.json > run"#,
                "ipek site backup saved $P",
                "(echo device_id,kcv; paste -d, $S/new.1 $S/new.1) > $S/pasted.csv",
                "softhsm2-util --import $S/signer.key --token KIF --label signer --id 07 --pin \"$(< $S/pin)\"",
            ]
        let made = try workspace.shell("set -e; P='--passphrase-file '$S/passphrase; " + lines.joined(separator: "; "))
        guard made.status == 0 else { throw HarnessError("the canary's site could not be made: \(made.standardError)") }
        try secrets.addMasterKey(of: "\(workspace.folder)/site")
        // The workspace goes at the end of this function.
        let kept = try Workspace.scratchFolder() + "/ground"
        try FileManager.default.copyItem(atPath: workspace.folder, toPath: kept)
        return Ground(secrets: secrets, folder: kept)
    }

    private static func copy(of ground: Ground) throws -> Workspace {
        let workspace = try Workspace()
        for name in [
            "site", "tokens", "fleet.csv", "aes.csv", "block", "chain.pem", "ca.pem", "parameters", "done", "finished",
            "run", "saved",
        ] {
            try? FileManager.default.removeItem(atPath: "\(workspace.folder)/\(name)")
            try FileManager.default.copyItem(
                atPath: "\(ground.folder)/\(name)", toPath: "\(workspace.folder)/\(name)")
        }
        try prepare(workspace, ground.secrets)
        return workspace
    }

    /// More than anything makes before it is killed.
    private static func writeLargeManifest(to workspace: Workspace) throws {
        let rows = (0..<4).map { "T\($0)-{n},FFFF98775\($0)0000200000,500000\n" }
        try workspace.write("device_id,ksn,quantity\n" + rows.joined(), to: "large.csv")
    }

    private static func prepare(_ workspace: Workspace, _ secrets: CanarySecrets) throws {
        try workspace.write(
            "directories.tokendir = \(workspace.folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            to: "softhsm2.conf")
        workspace.variables = [
            "S": secrets.folder, "SOFTHSM2_CONF": "\(workspace.folder)/softhsm2.conf", "TOKEN": "pkcs11:token=KIF",
            "MODULE": "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:\(secrets.folder)/pin",
            // A crash that could print memory would.
            "SWIFT_BACKTRACE": "enable=yes",
        ]
    }
}

/// The part of the parser's own description that names the commands.
private struct HelpDump: Decodable {
    struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?

        /// The commands that have none below them.
        var leaves: [String] { (subcommands ?? []).flatMap(\.names) }

        private var names: [String] {
            guard commandName != "help" else { return [] }
            let below = leaves
            return below.isEmpty ? [commandName] : below.map { "\(commandName) \($0)" }
        }
    }

    let command: Command
}
