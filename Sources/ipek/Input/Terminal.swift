import Glibc
import PaymentCrypto

/// The terminal that the process hangs on, for what is typed without echo.
///
/// It is opened by its own name, so that stdin and stdout may be files.
struct Terminal: ~Copyable {
    private let descriptor: Int32

    /// Nil where there is none.
    init?() {
        let descriptor = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    /// The terminal; `hint` says how to do without.
    static func open(for what: String, mayAsk: Bool, hint: String) throws -> Terminal {
        guard mayAsk else {
            throw CommandFailure(
                .usage, "\(what) is needed, and --no-input forbids to ask for it", hint: hint)
        }
        guard let terminal = Terminal() else {
            throw CommandFailure(
                .usage, "\(what) is needed, and there is no terminal to ask at", hint: hint)
        }
        return terminal
    }

    deinit {
        close(descriptor)
    }

    /// Asks, and reads a line that is not shown; nil where the terminal was closed.
    borrowing func ask(_ prompt: String) throws -> SecretLine? {
        show(prompt)
        let silence = try Silence(descriptor)
        defer { show("\n") }
        return try silence.readLine()
    }

    /// Shows something to whoever sits there.
    borrowing func show(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = write(descriptor, bytes.baseAddress, bytes.count) }
    }
}

/// As long as it lives the terminal does not echo; a signal that ends the process restores it first.
private struct Silence: ~Copyable {
    private let descriptor: Int32
    private let handlers: [(signal: Int32, former: sighandler_t?)]

    init(_ descriptor: Int32) throws {
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else {
            throw CommandFailure(.usage, "the terminal cannot be asked not to show what is typed")
        }
        restoration = Restoration(descriptor: descriptor, attributes: attributes)
        handlers = Self.signals.map { ($0, signal($0, restoreAndExit)) }
        attributes.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(descriptor, TCSAFLUSH, &attributes)
        self.descriptor = descriptor
    }

    deinit {
        restore()
        for (caught, former) in handlers { signal(caught, former) }
        restoration = nil
    }

    func readLine() throws -> SecretLine? {
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

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
}

private struct Restoration {
    var descriptor: Int32
    var attributes: termios
}

// Unsafe: a signal handler can be given nothing, so it must find this here. Written only while no handler is set that
// reads it, or by the one thread that asks for a secret.
private nonisolated(unsafe) var restoration: Restoration?

private func restore() {
    guard var saved = restoration else { return }
    tcsetattr(saved.descriptor, TCSANOW, &saved.attributes)
}

/// Only calls that a signal handler may make (POSIX.1-2017, XSH 2.4.3).
private func restoreAndExit(_ caught: Int32) {
    restore()
    _exit(128 + caught)
}
