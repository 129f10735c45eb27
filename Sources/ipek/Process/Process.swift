import CLinux
import Glibc
import PaymentCrypto

/// What this process does for its whole life.
enum Process {
    /// Descriptors 0 to 2 are taken, even when the process was started without them.
    ///
    /// Otherwise the next file that is opened, a key block file perhaps, would be what messages are written to. What
    /// stands in refuses the direction that is used, so that a closed stdout is noticed.
    static func keepStandardDescriptorsTaken() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given out, and those below are taken already.
            _ = open("/dev/null", mode)
        }
    }

    /// A crash neither prints memory nor leaves it in a file, and no other process of the same user can look at it.
    ///
    /// Swift's backtracer, which the environment can switch on, prints registers and the memory behind them; default
    /// signal actions keep it away. Core dumps are limited to nothing, and where a handler is given them all the same
    /// they hold none of this process's mappings.
    static func keepSecretsOutOfCrashes() {
        for crash in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] { signal(crash, SIG_DFL) }
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        emptyCoreDumps()
        // Last: from now on what is under /proc/self belongs to root.
        _ = ipek_forbid_dumps()
    }

    private static func emptyCoreDumps() {
        let filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
        guard filter >= 0 else { return }
        write(filter, "0", 1)
        close(filter)
    }

    /// Makes the memory for secrets, before there is any, and sees that it is wiped whatever ends the process.
    static func prepareSecretMemory() {
        LockedArena.prepare(workers: 0)
        LockedArena.whenExhausted {
            let hint = "use fewer jobs, or raise the limit: \(MemoryLock.remedy)"
            Console(json: false, quiet: false)
                .report([Message("the locked memory for keys is used up", hint: hint)])
            EndingSignals.wipe()
            _exit(ExitStatus.internalFailure.rawValue)
        }
        EndingSignals.watch()
    }
}
