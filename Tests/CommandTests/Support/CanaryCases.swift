/// Every command of the canary test, as it is typed; `$S` is the folder of secrets, `$P` opens the site.
///
/// The site has the keys `bdk`, `aes`, `wrap`, `wrap-aes` and `old`, the RSA keys `kdh` (with a certificate, in the
/// folder as `chain.pem`) and `krd`, and an exchange (`parameters`); the folder `finished` is a run of it. The token has `inside` and the RSA key `signer`, the
/// folder `block`, a key block, and `ca.pem`.
struct CanaryCase: CustomStringConvertible, Sendable {
    /// The command, as the program's own help names it.
    let command: String
    let line: String
    /// Whether it is to succeed.
    let succeeds: Bool

    var description: String { line }

    private static func good(_ command: String, _ arguments: String) -> CanaryCase {
        CanaryCase(command: command, line: "\(command) \(arguments)", succeeds: true)
    }

    private static func bad(_ command: String, _ arguments: String) -> CanaryCase {
        CanaryCase(command: command, line: "\(command) \(arguments)", succeeds: false)
    }

    /// Arguments that are secrets where none belongs, as people paste them: not searched for in the argument list.
    static let pasted: [CanaryCase] = [
        bad("key show", #"$(< $S/new.1)"#), bad("key show", #"new $(< $S/new.2)"#),
        bad("key import", #"new --usage bdk --algorithm tdes-2key --components $(< $S/new.1) $P"#),
        bad("key import", #"new --usage bdk --algorithm tdes-2key --components 2 --component-file $(< $S/new.1) $P"#),
        bad("site set", #"allowSoftwareKeys "$(< $S/new.1)" $P"#),
        bad("provision", #"$(< $S/new.1) --bdk bdk --kbpk wrap --output out $P"#),
        bad(
            "provision",
            #"fleet.csv --bdk bdk --transport rsa-oaep --ca "$(< $S/new.1)" --no-crl --output out $P"#),
        bad("key export", #"bdk --tr31 --under $(< $S/wrap.1) $P"#),
        bad("inspect", #"$(< $S/wrap.1)"#),
    ]

    static let all: [CanaryCase] = keys + publicKeys + tokens + runs + sites

    /// Whether there may be RSA keys afterwards that nobody knew before.
    var makesRSAKeys: Bool { Self.publicKeys.contains { $0.line == line } }

    private static let new = "new --usage bdk --algorithm tdes-2key --components 2"
    private static let files = "--component-file $S/new.1 --component-file $S/new.2"

    private static let keys: [CanaryCase] = [
        good("key import", "\(new) \(files) $P"),
        good("key import", "\(new) \(files) $P --json"),
        good("key import", "new --tr31 block --under wrap $P"),
        bad("key import", "\(new) \(files) --expect-kcv 000000 $P"),
        bad("key import", "\(new) --component-file $S/new.1 --component-file $S/new.1 $P"),
        bad("key import", "\(new) --component-file $S/short --component-file $S/new.1 $P"),
        bad("key import", "\(new) --component-file $S/passphrase --component-file $S/new.1 $P"),
        bad("key import", "new --tr31 block --under wrap-aes $P"),
        bad("key import", "new --tr31 $S/new.1 --under wrap $P"),
        bad("key import", "\(new) \(files) --passphrase-file $S/new.1"),
        good("key generate", "new --usage bdk --algorithm aes-256 $P"),
        bad("key generate", "bdk --usage bdk --algorithm aes-256 $P"),
        good("key list", ""), good("key list", "--json"), bad("key list", "--site nowhere"),
        good("key show", "bdk --json"), bad("key show", "missing"),
        good("key remove", "old $P"), bad("key remove", "missing $P"),
        bad("key remove", "old --passphrase-file $S/new-passphrase"),
        good("key tag", "old station=7 $P"), bad("key tag", "missing station=7 $P"),
        good("key retire", "old --reason spent $P"), bad("key retire", "missing --reason spent $P"),
        good("key export", "bdk --tr31 --under wrap --dukpt-ksn FFFF9876543200200000 $P"),
        good("key export", "old --tr31 --under wrap --json $P"),
        bad("key export", "bdk --tr31 --under wrap $P"),
        good("audit list", "--key bdk"), bad("audit list", "--site nowhere"),
        good("inspect", "block --json"), bad("inspect", "$S/new.1"), bad("inspect", "$S/passphrase"),
    ]

    private static let token = #"$(grep -o 'export-token-[0-9a-z]*' parameters)"#

    private static let publicKeys: [CanaryCase] = [
        good("key generate", "new --usage sign --algorithm rsa-2048 $P"),
        bad("key generate", "krd --usage sign --algorithm rsa-2048 $P"),
        good("key show", "krd --json"), good("key retire", "krd --reason spent $P"), good("key remove", "krd $P"),
        good("certificate trust", "partner ca.pem --role kdh $P"),
        bad("certificate trust", "partner $S/new.1 --role kdh $P"),
        good("certificate request", "krd --subject /CN=krd $P"),
        bad("certificate request", "krd --subject krd $P"),
        good("certificate install", "kdh chain.pem $P"), bad("certificate install", "krd chain.pem $P"),
        good("certificate show", "krd $P"), good("certificate show", "krd $P --json"),
        good("certificate show", "kdh --crl $P"), bad("certificate show", "missing $P"),
        good("exchange begin-export", "$P"), good("exchange begin-export", "--json $P"),
        bad("exchange begin-export", "--days 0 $P"),
        good("exchange begin-import", "--material cryptogram $P"),
        bad("exchange begin-import", "--passphrase-file $S/new.1"),
        good("exchange list", "--json"), bad("exchange list", "--site nowhere"),
        good("exchange end", "\(token) $P"), bad("exchange end", "kdh $P"),
    ]

    private static let tokens: [CanaryCase] = [
        good("key attach", #"new --pkcs11 "$TOKEN;object=signer$MODULE" --usage sign --algorithm rsa-2048 $P"#),
        bad("key attach", #"new --pkcs11 "$TOKEN;object=signer$MODULE" --usage sign --algorithm rsa-3072 $P"#),
        good("key attach", #"new --pkcs11 "$TOKEN;object=inside$MODULE" --usage kbpk --algorithm tdes-2key $P"#),
        bad("key attach", #"new --pkcs11 "$TOKEN;object=none$MODULE" --usage kbpk --algorithm tdes-2key $P"#),
        good("key import", #"\#(new) \#(files) --to-token "$TOKEN;object=new$MODULE" $P"#),
        bad("key import", #"\#(new) \#(files) --to-token "$TOKEN;object=new?module-path=/dev/null" $P"#),
        good("provision", "fleet.csv --bdk bdk --kbpk inside --output out --layout csv $P"),
        bad("provision", "fleet.csv --bdk inside --kbpk inside --output out --layout csv $P"),
    ]

    private static let runs: [CanaryCase] = [
        good("check", "fleet.csv --bdk bdk --kbpk wrap"), bad("check", "$S/new.1 --bdk bdk --kbpk wrap"),
        good("provision", "fleet.csv --bdk bdk --kbpk wrap --output out --layout files $P"),
        good("provision", "fleet.csv --bdk bdk --kbpk wrap --output out --layout csv --jobs 4 --operator ayse $P"),
        good("provision", "aes.csv --bdk aes --kbpk wrap-aes --output out --layout jsonl --json $P"),
        good("provision", "aes.csv --bdk aes --kbpk wrap-aes --key-block-version E --output out --layout csv $P"),
        bad("provision", "fleet.csv --bdk wrap --kbpk wrap --output out $P"),
        bad("provision", "fleet.csv --bdk bdk --kbpk wrap --output out --expect-bdk-kcv 000000 $P"),
        bad("provision", "$S/new.1 --bdk bdk --kbpk wrap --output out $P"),
        bad("provision", "fleet.csv --bdk bdk --kbpk wrap --output out --passphrase-file $S/wrap.1"),
        // A report comes back as its own return; 'reason' is empty, as the status of a success may be.
        good("reconcile", "done done/check-values.csv --map status=reason $P"),
        bad("reconcile", "done $S/new.1 $P"), bad("reconcile", "done $S/pasted.csv $P"),
        good("verify", "finished --jobs 2 $P"), good("verify", "finished --json $P"), bad("verify", "site $P"),
        bad("verify", "finished --passphrase-file $S/wrap.1"),
    ]

    private static let sites: [CanaryCase] = [
        good("init", "--site other --scrypt-log-n 12 $P"),
        good("init", "--site other --scrypt-log-n 12 --custodians 2 $P --passphrase-file $S/new-passphrase --json"),
        bad("init", "--scrypt-log-n 12 $P"), bad("init", "--site other --custodians 2 $P $P --scrypt-log-n 12"),
        good("site show", "--json"), bad("site show", "--site nowhere"),
        good("site set", "allowSoftwareKeys true $P"), bad("site set", "allowSoftwareKeys maybe $P"),
        good("site passphrase", "$P --passphrase-file $S/new-passphrase"),
        bad("site passphrase", "--passphrase-file $S/new-passphrase --passphrase-file $S/new-passphrase"),
        good("site backup", "kept --json $P"), bad("site backup", "fleet.csv $P"),
        good("site restore", "saved --site other $P"), bad("site restore", "$S/new.1 --site other $P"),
        good("site profile", "model --key-version 07 $P"), bad("site profile", "missing"),
        good("ledger list", "--json"), bad("ledger list", "--site nowhere"),
        good("ledger show", "--device D-1 --json"), bad("ledger show", "missing"),
        good("ledger void", "$(< run) --reason spent $P"), bad("ledger void", "missing --reason spent $P"),
        good("audit verify", "$P"), bad("audit verify", "--head \(String(repeating: "0", count: 64)) $P"),
        good("doctor", "--json"), bad("doctor", "--jobs 1"),
        good("selftest", ""), bad("selftest", "--jobs 1"),
    ]
}
