import CLinux
import Glibc
import PaymentCrypto

/// This process: who it is, what a crash leaves, and whether keys can be locked in memory.
enum ProcessChecks {
    static func user(_: DoctorSubject) -> [Finding] {
        let user = geteuid()
        guard user == 0 else { return [Finding("user", .ok, "user \(user), without privileges")] }
        return [
            Finding(
                "user", .notice, "root; no command needs that",
                remedy: "make a user for the tool, whose site nobody else can open")
        ]
    }

    static func coreLimit(_: DoctorSubject) -> [Finding] {
        var limit = rlimit()
        let isNone = getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && limit.rlim_cur == 0
        return [
            isNone
                ? Finding("core limit", .ok, "this process has switched core dumps off")
                : Finding("core limit", .error, "core dumps could not be switched off", remedy: "ulimit -c 0")
        ]
    }

    static func dumps(_: DoctorSubject) -> [Finding] {
        [
            ipek_dumps_are_forbidden() == 1
                ? Finding("dumps", .ok, "this process cannot be dumped, nor looked at by others of its user")
                : Finding(
                    "dumps", .error, "the system does not let this process forbid dumps",
                    remedy: "find out what keeps prctl(PR_SET_DUMPABLE) from working, such as a sandbox")
        ]
    }

    static func lockedMemory(_ subject: DoctorSubject) -> [Finding] {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let status = LockedArena.prepare(workers: cores)
        guard status.isLocked else {
            return [
                Finding(
                    "locked memory", subject.isProduction ? .error : .warning, MemoryLock.found(status),
                    remedy: "raise the limit: \(MemoryLock.remedy)")
            ]
        }
        let limit = status.limit.map { "the limit is \($0 >> 10) KiB" } ?? "there is no limit"
        let found = "\(status.byteCount >> 10) KiB are locked for \(cores) jobs; \(limit)"
        guard status.workerByteCount < LockedArena.fullWorkerByteCount else {
            return [Finding("locked memory", .ok, found)]
        }
        return [
            Finding(
                "locked memory", .notice, "\(found), so each job works on fewer rows at a time",
                remedy: "raise the limit, or use fewer jobs; the results are the same")
        ]
    }
}

/// Cryptography: the library that does it, and whether it does it right.
enum LibraryChecks {
    static func openSSL(_: DoctorSubject) -> [Finding] {
        let missing = KeyAlgorithm.allCases.filter { !CryptographicLibrary.offers($0) }
        guard missing.isEmpty else {
            return [
                Finding(
                    "OpenSSL", .error,
                    "\(CryptographicLibrary.version) has no \(missing.map(\.rawValue).joined(separator: ", "))",
                    remedy: "look for a provider or a policy that forbids it in openssl.cnf")
            ]
        }
        return [Finding("OpenSSL", .ok, "\(CryptographicLibrary.version), with TDES and AES")]
    }

    static func selfTest(_: DoctorSubject) -> [Finding] {
        let outcomes = SelfTest.run()
        let failed = outcomes.filter { !$0.passed }.map(\.name)
        return [
            failed.isEmpty
                ? Finding("self-test", .ok, "\(outcomes.count) known answers are right")
                : Finding(
                    "self-test", .error, "wrong: \(failed.joined(separator: ", "))",
                    remedy: "use this build, or its OpenSSL, for nothing")
        ]
    }
}
