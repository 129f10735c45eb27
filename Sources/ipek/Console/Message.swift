import Provisioning

/// What a command has to say, in the form in which a run says what it found in a manifest.
typealias Message = Diagnostic

extension Diagnostic {
    /// Something about the command itself, or about a file as a whole.
    init(_ message: String, severity: Severity = .error, file: String? = nil, hint: String? = nil) {
        self.init(file: file.map(ShownText.line), severity: severity, message: message, hint: hint)
    }
}
