import Glibc
import PaymentCrypto

/// The terminal that the process hangs on, for what is typed.
///
/// It is opened by its own name, so that stdin and stdout may be files. As long as it lives it does not echo, between
/// two prompts neither: people type ahead. A signal that ends the process restores it first.
struct Terminal: ~Copyable {
    private let descriptor: Int32
    private let keys: EditingKeys
    private let bell: Bell
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
        try terminal.takeOver()
        return terminal
    }

    private init(_ descriptor: Int32, _ attributes: termios) {
        self.descriptor = descriptor
        keys = EditingKeys(attributes)
        bell = Bell()
        restoration = Restoration(descriptor: descriptor, attributes: attributes, bell: bell.ringing)
        handlers = Self.signals.map { ($0, signal($0, restoreAndExit)) }
    }

    deinit {
        restore()
        for (caught, former) in handlers { signal(caught, former) }
        restoration = nil
        bell.close()
        close(descriptor)
    }

    /// Asks, and reads a line; false where the terminal was closed.
    borrowing func ask(_ prompt: String, into line: inout SecretLine, _ style: LineFeedback.Style) throws -> Bool {
        // Again: whoever stopped and continued the process may have changed it.
        try takeOver()
        isAsking = true
        defer { isAsking = false }
        show(prompt)
        do {
            let isWhole = try readLine(into: &line, style)
            show("\n")
            return isWhole
        } catch let stop as CommandStatus {
            if let sequence = restoration?.clearSequence { show(sequence) }
            throw stop
        }
    }

    /// Writes on the terminal itself, wherever stdout and stderr go.
    borrowing func show(_ text: String) {
        show(Array(text.utf8))
    }

    /// Writes what is meant for one person: a signal that ends the process clears the screen, too.
    borrowing func showPrivately(_ text: String) {
        restoration?.clearSequence = clearSequence
        show(text)
    }

    /// Takes away all that stands on the screen, and what was scrolled off it where the terminal can do that.
    borrowing func clear() {
        show(clearSequence)
    }

    /// Nothing is read from a terminal that shows it, nor line by line: nobody would see what they type.
    private borrowing func takeOver() throws {
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else { throw Self.cannotHide }
        let unwanted = tcflag_t(ECHO | ICANON)
        guard attributes.c_lflag & unwanted != 0 else { return }
        attributes.c_lflag &= ~unwanted
        // A stopped process would keep what was typed, and leave the terminal to whoever comes next; 0 is no key.
        EditingKeys.set(&attributes, [(VMIN, 1), (VTIME, 0), (VSUSP, 0)])
        // It reports success where it could do only some of what was asked; see POSIX.1-2017, tcsetattr.
        guard tcsetattr(descriptor, TCSAFLUSH, &attributes) == 0, tcgetattr(descriptor, &attributes) == 0,
            attributes.c_lflag & unwanted == 0
        else { throw Self.cannotHide }
    }

    private static let cannotHide = CommandFailure(
        .usage, "the terminal cannot be asked not to show what is typed")

    private borrowing func readLine(into line: inout SecretLine, _ style: LineFeedback.Style) throws -> Bool {
        var feedback = LineFeedback(style)
        while let byte = try readByte() {
            switch keys.meaning(of: byte) {
            case .endOfLine: return true
            case .endOfInput: if line.count == 0 { return false }
            case .erase: if line.removeLastCharacter() { show(feedback.removed(leaving: line.count)) }
            case .eraseAll: while line.removeLastCharacter() { show(feedback.removed(leaving: line.count)) }
            case .character where feedback.takes(byte):
                guard line.append(byte) else {
                    show("\n")
                    throw CommandFailure(
                        .badInput, "expected at most \(SecretLine.maximumByteCount) bytes, found more")
                }
                show(feedback.added(byte))
            case .character: break
            }
        }
        return false
    }

    private borrowing func readByte() throws -> UInt8? {
        var byte: UInt8 = 0
        while true {
            try waitForKey()
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? byte : nil
        }
    }

    /// Waits for a key, or for a signal that ends the process: then the command still says what came of it.
    private borrowing func waitForKey() throws {
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.hearing, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&waiting, nfds_t(waiting.count), -1) < 0 {
            guard errno == EINTR else { return }
        }
        if waiting[1].revents != 0 { throw CommandStatus(status: .interrupted) }
    }

    private borrowing func show(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
}

/// A pipe by which a signal handler wakes whoever waits for a key.
private struct Bell {
    let hearing: Int32
    let ringing: Int32

    /// Without one (no descriptor is free) nothing is heard, and a signal ends the process at once.
    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        (hearing, ringing) = (ends[0], ends[1])
    }

    func close() {
        for end in [hearing, ringing] where end >= 0 { Glibc.close(end) }
    }
}

/// The keys by which a line is changed while it is typed.
private struct EditingKeys {
    enum Meaning {
        case character, endOfLine, endOfInput, erase, eraseAll
    }

    private let erase: [cc_t]
    private let eraseAll: cc_t
    private let endOfInput: cc_t

    /// Those that the user chose with `stty`; backspace and delete always erase.
    init(_ attributes: termios) {
        let keys = withUnsafeBytes(of: attributes.c_cc) { Array($0) }
        erase = [keys[Int(VERASE)], 0x08, 0x7F]
        eraseAll = keys[Int(VKILL)]
        endOfInput = keys[Int(VEOF)]
    }

    func meaning(of byte: UInt8) -> Meaning {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): .endOfLine
        // A key that `stty` switched off is zero.
        case 0: .character
        case endOfInput: .endOfInput
        case eraseAll: .eraseAll
        default: erase.contains(byte) ? .erase : .character
        }
    }

    static func set(_ attributes: inout termios, _ values: [(key: Int32, value: cc_t)]) {
        withUnsafeMutableBytes(of: &attributes.c_cc) { keys in
            for (key, value) in values { keys[Int(key)] = value }
        }
    }
}

/// To the upper left, clear the screen (ECMA-48 ED), and what was scrolled off it (xterm's extension of ED).
private let clearSequence = Array("\u{1B}[H\u{1B}[2J\u{1B}[3J".utf8)

private struct Restoration {
    var descriptor: Int32
    var attributes: termios
    /// Written to where somebody waits for a key.
    var bell: Int32
    /// Written at the end, once something private may be on the screen.
    var clearSequence: [UInt8]?
}

// Unsafe: a signal handler can be given nothing, so it must find this here. Written only while no handler is set that
// reads it, or by the one thread that asks for a secret.
private nonisolated(unsafe) var restoration: Restoration?

// Unsafe like the above: whether somebody waits for a key, and will hear the bell.
private nonisolated(unsafe) var isAsking = false

/// What was typed and not read is thrown away: it was meant for nobody who reads the terminal next.
private func restore() {
    guard var saved = restoration else { return }
    tcsetattr(saved.descriptor, TCSAFLUSH, &saved.attributes)
}

/// Only calls that a signal handler may make (POSIX.1-2017, XSH 2.4.3).
private func restoreAndExit(_: Int32) {
    if isAsking, let bell = restoration?.bell, bell >= 0 {
        let code = errno
        var sound: UInt8 = 0
        _ = write(bell, &sound, 1)
        errno = code
        return
    }
    restore()
    if let saved = restoration, let sequence = saved.clearSequence {
        _ = sequence.withUnsafeBytes { write(saved.descriptor, $0.baseAddress, $0.count) }
    }
    EndingSignals.endNow()
}
