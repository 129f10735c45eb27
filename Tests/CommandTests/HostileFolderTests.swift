import Glibc
import Testing

/// Places in which nothing can be written, and disks that are full.
struct HostileFolderTests {
    private static let isRoot = geteuid() == 0
    private static let mayMount = canMount()

    /// Root sees no mode bits, so an unprivileged user tries.
    @Test(.enabled(if: isRoot, "only root can become an unprivileged user"), arguments: ["755", "000"])
    func `A folder that is somebody else's`(_ mode: String) throws {
        let workspace = try Workspace(site: true)
        try workspace.write("device_id,ksn\nT-1,FFFF9876543210E00000\n", to: "one.csv")
        let outcome = try workspace.shell(
            """
            mkdir parent mine && chmod \(mode) parent && chown -R 65534:65534 site passphrase one.csv mine
            exec setpriv --reuid=65534 --regid=65534 --clear-groups \
                ipek provision one.csv --output parent/out \(sampleKeys.joined(separator: " "))
            """)
        #expect(outcome.status == 73)
        #expect(outcome.standardError == "ipek: error: parent/out.incomplete cannot be made: permission denied\n")
        #expect(!workspace.exists("parent/out") && !workspace.exists("parent/out.incomplete"))
        // The same user can, where it may.
        let allowed = try workspace.shell(
            """
            exec setpriv --reuid=65534 --regid=65534 --clear-groups \
                ipek provision one.csv --output mine/out --quiet \(sampleKeys.joined(separator: " "))
            """)
        #expect(allowed.status == 0, "\(allowed.standardError)")
    }

    @Test(.enabled(if: isRoot, "only root can become an unprivileged user"))
    func `A manifest, a site and a passphrase that may not be read`() throws {
        for (name, status, words) in [
            ("one.csv", 74, "permission denied"), ("passphrase", 74, "permission denied"),
            ("site", 78, "expected user 65534 as its owner, found 0"),
        ] {
            let workspace = try Workspace(site: true)
            try workspace.write("device_id,ksn\nT-1,FFFF9876543210E00000\n", to: "one.csv")
            let outcome = try workspace.shell(
                """
                mkdir mine && chown -R 65534:65534 site passphrase one.csv mine
                chown 0:0 \(name) && chmod 700 \(name)
                exec setpriv --reuid=65534 --regid=65534 --clear-groups \
                    ipek provision one.csv --output mine/out \(sampleKeys.joined(separator: " "))
                """)
            #expect(outcome.status == Int32(status), "\(name)")
            #expect(outcome.standardError.contains(words), "\(outcome.standardError)")
            #expect(outcome.standardError.contains(name), "\(outcome.standardError)")
            #expect(!workspace.exists("mine/out") && !workspace.exists("mine/out.incomplete"))
        }
    }

    /// Root's folders and the caller's own are trusted, and nobody else's on the way to a module.
    @Test(
        .enabled(if: isRoot, "only root can become an unprivileged user"),
        arguments: [("65534", "65534", true), ("0", "0", true), ("12345", "65534", false), ("65534", "12345", false)])
    func `A module that another user could replace`(_ above: String, _ inner: String, isTrusted: Bool) throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.shell(
            """
            mkdir -p above/inner && echo 'not a library' > above/inner/module.so
            chown -R 65534:65534 site passphrase && chown \(above) above && chown \(inner) above/inner
            exec setpriv --reuid=65534 --regid=65534 --clear-groups ipek key attach wrap --usage kbpk --algorithm aes-128 \
                --passphrase-file passphrase --pkcs11 "pkcs11:token=T;object=wrap?module-path=$PWD/above/inner/module.so"
            """)
        #expect(outcome.status == (isTrusted ? 69 : 77))
        let words = isTrusted ? "cannot be loaded" : "is not trusted: "
        #expect(outcome.standardError.contains(words), "\(outcome.standardError)")
        #expect(outcome.standardError.contains("belongs to user 12345") != isTrusted, "\(outcome.standardError)")
    }

    @Test(
        .enabled(if: mayMount, "a small file system cannot be mounted here: the full disk is NOT tested"),
        arguments: ["files", "csv", "jsonl", "csv - <", "files - <"], [4, 60, 240])
    func `A full disk`(_ options: String, _ size: Int) throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.shell(
            """
            mkdir small && exec unshare --mount bash -c 'mount -t tmpfs -o size=\(size)k,nr_inodes=400 none small
            ipek provision \(sampleKeys.joined(separator: " ")) --output small/out --layout \(options) samples/tdes-fleet.csv
            status=$?; ls -A small; exit $status'
            """)
        #expect(outcome.status == 74)
        #expect(outcome.standardOutput == "")
        let message = outcome.standardError
        #expect(message.contains("no space left on device\n"), "\(message)")
        #expect(
            message.contains(size == 4 && options.hasSuffix("<") ? "copy of -" : "small/out.incomplete/"), "\(message)")
    }

    @Test(.enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"))
    func `Standard output that takes nothing`() throws {
        let workspace = try Workspace(site: true)
        for command in ["selftest", "selftest --json", "key list", "--help"] {
            let outcome = try workspace.shell("exec ipek \(command) > /dev/full")
            #expect(outcome.status == 74, "\(command): \(outcome.standardError)")
        }
    }

    /// Started without them, the next files to be opened would be what is printed to.
    @Test(arguments: [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func `Standard streams that are closed`(_ closing: String) throws {
        let workspace = try Workspace(site: true)
        try workspace.write("device_id,ksn\nT-1,FFFF9876543210E00000\n", to: "one.csv")
        let keys = sampleKeys.joined(separator: " ")
        let outcome = try workspace.shell("ipek provision one.csv --output out --json \(keys) \(closing)")
        #expect(outcome.status == (closing.hasPrefix("2") ? 0 : 74))
        #expect(try workspace.shell("cd out && sha256sum -c --quiet SHA256SUMS").status == 0)
        #expect(try workspace.shell("cat out/devices/T-1.tr31 | wc -c").standardOutput == "121\n")
        #expect(try workspace.shell("ipek provision - --output none \(keys) <&-").status == 74)
        #expect(!workspace.exists("none") && !workspace.exists("none.incomplete"))
    }

    private static func canMount() -> Bool {
        guard let workspace = try? Workspace() else { return false }
        let outcome = try? workspace.shell("mkdir small && unshare --mount mount -t tmpfs -o size=64k none small")
        return outcome?.status == 0
    }
}
