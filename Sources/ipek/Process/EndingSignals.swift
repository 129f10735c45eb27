import Glibc
import PaymentCrypto

/// Signals that end the process from outside: they overwrite its secrets first.
///
/// A crash is no such signal: there the default action stays, so that nothing runs any more.
enum EndingSignals {
    /// Requests to end, after which the status says that the command was interrupted.
    private static let requests = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// Those of which the shell is to be told.
    private static let others =
        [
            SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGPOLL, SIGXCPU, SIGSYS, SIGSTKFLT, SIGPWR,
        ] + (__libc_current_sigrtmin()...__libc_current_sigrtmax())

    /// Takes all of them over; one that whoever started the process has ignored stays ignored.
    static func watch() {
        for request in requests where !isIgnored(request) { signal(request, endAsInterrupted) }
        for other in others where !isIgnored(other) { signal(other, endAsBefore) }
        // Instead, the write that is too long says so.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Takes some requests over again, from whoever had them meanwhile.
    static func watchAgain(_ requests: [Int32]) {
        for request in requests { signal(request, endAsInterrupted) }
    }

    /// Whether whoever started the process wants the signal to do nothing.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        // SIG_IGN is the address 1, which Swift cannot compare as a function.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// Overwrites every secret while other threads may still work with them; may be called from a signal handler.
    ///
    /// What they make of zeros must not get out: a key block under a key of zeros tells everybody the key in it. So no
    /// file can be written any more, by whomever, before anything is overwritten.
    static func wipe() {
        // For the whole process, and at once: each write that begins from here on fails.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &none)
        // A thread that stumbles over what is gone waits for the end, whose status must tell what happened. One by one,
        // since a handler must not make an array.
        signal(SIGSEGV, waitForTheEnd)
        signal(SIGBUS, waitForTheEnd)
        signal(SIGILL, waitForTheEnd)
        signal(SIGTRAP, waitForTheEnd)
        signal(SIGFPE, waitForTheEnd)
        signal(SIGABRT, waitForTheEnd)
        LockedArena.wipeForGood()
    }

    /// The end, with every secret overwritten; may be called from a signal handler.
    static func endNow() -> Never {
        wipe()
        // The number as it is: nothing that Swift would have to set up first may be touched here.
        _exit(130)
    }
}

/// Only calls that a signal handler may make (POSIX.1-2017, XSH 2.4.3).
private func endAsInterrupted(_: Int32) {
    EndingSignals.endNow()
}

private func waitForTheEnd(_: Int32) {
    while true { pause() }
}

private func endAsBefore(_ caught: Int32) {
    EndingSignals.wipe()
    signal(caught, SIG_DFL)
    // Held back until the handler returns, and then the default action ends the process.
    raise(caught)
}
