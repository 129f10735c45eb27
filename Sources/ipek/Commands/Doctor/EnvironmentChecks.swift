import Glibc

/// Environment variables that change what runs in this process, or what it works on.
enum EnvironmentChecks {
    private struct Variable {
        let name: String
        let state: Finding.State
        let meaning: String
        var remedy: String?

        init(_ name: String, _ state: Finding.State, _ meaning: String, remedy: String? = nil) {
            self.name = name
            self.state = state
            self.meaning = meaning
            self.remedy = remedy
        }
    }

    private static let foreignCode = "unset it, and find out who set it"
    private static let known = [
        Variable("LD_PRELOAD", .warning, "loads other code into this process", remedy: foreignCode),
        Variable("LD_AUDIT", .warning, "loads other code into this process", remedy: foreignCode),
        Variable("LD_LIBRARY_PATH", .warning, "chooses which libraries are loaded", remedy: foreignCode),
        Variable("OPENSSL_CONF", .warning, "chooses OpenSSL's settings and providers", remedy: foreignCode),
        Variable("OPENSSL_MODULES", .warning, "chooses where OpenSSL's providers come from", remedy: foreignCode),
        Variable("OPENSSL_ENGINES", .warning, "chooses where OpenSSL's engines come from", remedy: foreignCode),
        Variable(
            "SWIFT_BACKTRACE", .notice, "asks for backtraces; a crash of this program prints none all the same"),
        Variable("SOFTHSM2_CONF", .notice, "chooses SoftHSM's tokens, which are files"),
        Variable("P11_KIT_SERVER_ADDRESS", .notice, "chooses the token server that p11-kit talks to"),
        Variable("P11_KIT_SERVER_PID", .notice, "belongs to a token server of p11-kit"),
        Variable("PKCS11_PROVIDER_MODULE", .notice, "chooses a PKCS#11 module"),
        Variable("IPEK_SITE", .notice, "names the site where --site does not"),
        Variable("TMPDIR", .notice, "chooses where a manifest from a pipe is kept by 'check'"),
    ]

    static func variables(_: DoctorSubject) -> [Finding] {
        let findings = known.compactMap { variable -> Finding? in
            guard let value = getenv(variable.name) else { return nil }
            return Finding(
                "environment", variable.state,
                "\(variable.name)=\(String(cString: value)): it \(variable.meaning)", remedy: variable.remedy)
        }
        return findings.isEmpty
            ? [Finding("environment", .ok, "no variable is set that matters here")] : findings
    }
}
