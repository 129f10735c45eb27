import Foundation
import Glibc
import Testing

/// Tokens besides SoftHSM2's own, by the scripts in `Tests/Tokens`: one that locks itself, and one behind a socket.
@Suite struct OtherTokenTests {
    private static let isRoot = geteuid() == 0

    /// What every script begins with: a key's URI, and the four sample keys in the token.
    private static let start = """
        uri() { printf '%s' "${IPEK_TOKEN_URI/\\?/;object=$1?}"; }
        import() {
            name=$1 usage=${1%-*} count=$3 files=()
            for file in "samples/TEST-$name.component"*; do files+=(--component-file "$file"); done
            ipek key import "in-$name" --usage "$usage" --algorithm "$2" --components "$count" "${files[@]}" \\
                --to-token "$(uri "$name")" --passphrase-file passphrase || exit
        }
        provision() { ipek provision "$@" --layout csv --passphrase-file passphrase; }

        """

    @Test(.enabled(if: isRoot, "opencryptoki's paths are compiled in, and only root can mount something over them"))
    func `A local token gives the keys of the keyring`() throws {
        try expectTheSameKeys(with: "opencryptoki")
    }

    @Test func `A token behind a socket gives the keys of the keyring`() throws {
        try expectTheSameKeys(with: "p11-kit")
    }

    private func expectTheSameKeys(with token: String) throws {
        let workspace = try Workspace(site: true)
        try run(
            """
            import bdk-tdes tdes-2key 3; import kbpk-tdes tdes-2key 2
            import bdk-aes aes-128 2; import kbpk-aes aes-256 3
            for family in tdes aes; do
                rm -rf other; cp -a site other
                for place in in- ""; do
                    [[ $place ]] && site=site || site=other
                    provision "samples/$family-fleet.csv" --bdk "${place}bdk-$family" --kbpk "${place}kbpk-$family" \\
                        --site $site --output "run-$place$family" || exit
                done
                diff <(cut -d, -f1-8 "run-in-$family/check-values.csv") \\
                    <(cut -d, -f1-8 "run-$family/check-values.csv") || exit
                # A key block that the token has made opens under the key of the keyring.
                sed -n 2p "run-in-$family/keyblocks.csv" | cut -d, -f7 > block
                ipek key import "device-$family" --tr31 block --under "kbpk-$family" --passphrase-file passphrase ||
                    exit
            done
            """, with: token, in: workspace)
        #expect(workspace.exists("run-in-aes/keyblocks.csv"))
    }

    @Test(.enabled(if: isRoot, "opencryptoki's paths are compiled in, and only root can mount something over them"))
    func `A token that locks itself is told to, and is not tried any more`() throws {
        let workspace = try Workspace(site: true)
        let outcome = try run(
            """
            import bdk-aes aes-128 2
            printf 00000000 > token/pin
            for attempt in 1 2 3 4 5 6; do
                provision samples/aes-fleet.csv --bdk in-bdk-aes --kbpk kbpk-aes --output out 2>> log
                echo $? >> statuses
            done
            ipek doctor >> log
            cat log statuses
            """, with: "opencryptoki", in: workspace)
        let text = outcome.standardOutput
        #expect(text.contains("a wrong PIN was given since the last login"), "\(text)")
        #expect(text.contains("one more wrong PIN locks it"), "\(text)")
        #expect(text.contains("the user PIN of token 'TEST' is locked"), "\(text)")
        #expect(text.contains("error    token: token 'TEST': the user PIN is locked"), "\(text)")
        #expect(try workspace.read("statuses") == String(repeating: "77\n", count: 6))
        #expect(!workspace.exists("out") && !workspace.exists("out.incomplete"))
    }

    @Test func `A token that goes away ends the run`() throws {
        let workspace = try Workspace(site: true)
        var manifest: [UInt8] = []
        FleetText(count: 400_000).write { bytes in
            manifest += bytes
            return true
        }
        try workspace.write(manifest, to: "fleet.csv")
        let outcome = try run(
            """
            import bdk-tdes tdes-2key 3; import kbpk-tdes tdes-2key 2
            # With one worker: of two threads p11-kit's client sometimes leaves one waiting for ever.
            provision fleet.csv --bdk in-bdk-tdes --kbpk in-kbpk-tdes --output out --jobs 1 &
            until [[ -s out.incomplete/keyblocks.csv ]]; do kill -0 $! || exit; sleep 0.01; done
            # The server answers each client with a process of its own.
            pkill -KILL -P "$P11_KIT_SERVER_PID"
            wait $!
            echo "status $?"
            """, with: "p11-kit", in: workspace)
        #expect(outcome.standardOutput.hasSuffix("status 69\n"), "\(outcome.standardOutput)")
        #expect(outcome.standardError.contains("token 'REMOTE' cannot be used"), "\(outcome.standardError)")
        #expect(!workspace.exists("out"))
    }

    @discardableResult
    private func run(_ script: String, with token: String, in workspace: Workspace) throws -> Invocation.Outcome {
        try workspace.write(Self.start + script + "\n", to: "script")
        let outcome = try workspace.shell("'\(Checkout.root.path)/Tests/Tokens/\(token)' \"$PWD/token\" bash ./script")
        #expect(outcome.status == 0, "\(outcome.standardError)")
        return outcome
    }
}
