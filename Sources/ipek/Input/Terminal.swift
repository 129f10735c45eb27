import Glibc
import PaymentCrypto

/// The terminal that the process hangs on, for what is typed without echo.
///
/// It is opened by its own name, so that stdin and stdout may be files. As long as it lives it does not echo, between
/// two prompts neither: people type ahead. A signal that ends the process restores it first.
struct Terminal: ~Copyable {
    private let descriptor: Int32
    private let handlers: [(signal: Int32, former: sighandler_t?)]

    /// The terminal; `hint` says how to do without.
    static func open(for what: String, mayAsk: Bool, hint: String) throws -> Terminal {
        guard mayAsk else {
            throw CommandFailure(
                .usage, "\(what) is needed, and --no-input forbids to ask for it", hint: hint)
        }
        let descriptor = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .usage, "\(what) is needed, and there is no terminal to ask at", hint: hint)
        }
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else {
            close(descriptor)
            throw cannotHide
        }
        let terminal = Terminal(descriptor, attributes)
        try terminal.stopEcho()
        return terminal
    }

    private init(_ descriptor: Int32, _ attributes: termios) {
        self.descriptor = descriptor
        restoration = Restoration(descriptor: descriptor, attributes: attributes)
        handlers = Self.signals.map { ($0, signal($0, restoreAndExit)) }
    }

    deinit {
        restore()
        for (caught, former) in handlers { signal(caught, former) }
        restoration = nil
        close(descriptor)
    }

    /// Asks, and reads a line that is not shown; nil where the terminal was closed.
    borrowing func ask(_ prompt: String) throws -> SecretLine? {
        // Again: whoever stopped and continued the process may have changed it.
        try stopEcho()
        show(prompt)
        defer { show("\n") }
        return try readLine()
    }

    /// Nothing is read from a terminal that shows it.
    private borrowing func stopEcho() throws {
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else { throw Self.cannotHide }
        let echo = tcflag_t(ECHO)
        guard attributes.c_lflag & echo != 0 else { return }
        attributes.c_lflag &= ~echo
        // It reports success where it could do only some of what was asked; see POSIX.1-2017, tcsetattr.
        guard tcsetattr(descriptor, TCSAFLUSH, &attributes) == 0, tcgetattr(descriptor, &attributes) == 0,
            attributes.c_lflag & echo == 0
        else { throw Self.cannotHide }
    }

    private static let cannotHide = CommandFailure(
        .usage, "the terminal cannot be asked not to show what is typed")

    private borrowing func readLine() throws -> SecretLine? {
        var line = SecretLine()
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            if byte == UInt8(ascii: "\n") { return line }
            guard line.append(byte) else {
                throw CommandFailure(.badInput, "expected at most \(SecretLine.maximumByteCount) bytes, found more")
            }
        }
    }

    private borrowing func show(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = write(descriptor, bytes.baseAddress, bytes.count) }
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
}

private struct Restoration {
    var descriptor: Int32
    var attributes: termios
}

// Unsafe: a signal handler can be given nothing, so it must find this here. Written only while no handler is set that
// reads it, or by the one thread that asks for a secret.
private nonisolated(unsafe) var restoration: Restoration?

/// What was typed and not read is thrown away: it was meant for nobody who reads the terminal next.
private func restore() {
    guard var saved = restoration else { return }
    tcsetattr(saved.descriptor, TCSAFLUSH, &saved.attributes)
}

/// Only calls that a signal handler may make (POSIX.1-2017, XSH 2.4.3).
private func restoreAndExit(_: Int32) {
    restore()
    EndingSignals.endNow()
}
