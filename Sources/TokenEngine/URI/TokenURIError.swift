/// What is wrong with a PKCS#11 URI; positions count from 1.
///
/// Only names of attributes are ever quoted: a value may be a PIN that was put into the wrong place.
public enum TokenURIError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another scheme, or none.
    case scheme
    /// Longer than ``TokenURI/maximumByteCount``.
    case tooLong(found: Int)
    /// A character that must be percent-encoded there.
    case character(position: Int)
    /// A percent sign without two hexadecimal digits.
    case escape(position: Int)
    /// An attribute without an equals sign.
    case noValue(position: Int)
    /// A name that RFC 7512 does not have.
    case unknownAttribute(String)
    /// An attribute that is there twice.
    case repeated(String)
    /// An attribute that belongs in front of the question mark.
    case misplaced(String)
    /// A PIN in the URI itself.
    case pinValue
    /// A value that the attribute cannot have.
    case value(String, expected: String)
    /// Both `module-name` and `module-path`.
    case twoModules

    /// Expected and found.
    public var description: String {
        switch self {
        case .scheme: "expected a URI that begins with 'pkcs11:'"
        case .tooLong(let found): "expected at most \(TokenURI.maximumByteCount) characters, found \(found)"
        case .character(let position): "character \(position) cannot stand there; write it as % and two digits"
        case .escape(let position): "expected two hexadecimal digits after the % at character \(position)"
        case .noValue(let position): "expected name=value at character \(position), found no '='"
        case .unknownAttribute(let name): "'\(name)' is no attribute of RFC 7512"
        case .repeated(let name): "'\(name)' is there twice"
        case .misplaced(let name): "'\(name)' belongs in front of the '?'"
        case .pinValue: "'pin-value' is refused: everybody on this machine can read an argument"
        case .value(let name, let expected): "\(name): expected \(expected)"
        case .twoModules: "expected 'module-path' or 'module-name', found both"
        }
    }

    /// What to do about it, where there is more to say.
    public var hint: String? {
        switch self {
        case .scheme: "for example pkcs11:token=LABEL;object=LABEL;type=secret-key?module-path=/path/to/module.so"
        case .pinValue:
            "put the PIN into a file of mode 0600 and name it with pin-source=file:/path, or type it when asked"
        default: nil
        }
    }
}
