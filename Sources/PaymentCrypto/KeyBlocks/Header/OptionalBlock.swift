/// One optional block of a key block's header: an identifier and printable text.
///
/// Its length is written by the encoder. See ANSI X9.143:2021, 6.3.6.
public struct OptionalBlock: Hashable, Sendable {
    /// What the block is.
    public let id: Identifier
    /// What stands after identifier and length, as it is under the authenticator.
    public let data: String

    /// A block with printable ASCII data, which may be empty; nil for other characters.
    public init?(_ id: Identifier, data: String) {
        guard data.utf8.allSatisfy(ASCII.isPrintable) else { return nil }
        self.init(id: id, checked: data)
    }

    /// For data that is known to be printable ASCII.
    init(id: Identifier, checked data: String) {
        self.id = id
        self.data = data
    }

    /// Two letters or digits that say what an optional block is.
    ///
    /// An open set: unknown ones are carried, and numeric ones are proprietary. X9.143:2021, 6.3.6, table 7.
    public struct Identifier: Hashable, Sendable {
        private let first: UInt8
        private let second: UInt8

        /// An identifier from two ASCII letters or digits; nil for anything else.
        public init?(_ text: some StringProtocol) {
            let code = Array(text.utf8)
            guard code.count == 2, code.allSatisfy(ASCII.isAlphanumeric) else { return nil }
            self.init(code[0], code[1])
        }

        init(_ first: UInt8, _ second: UInt8) {
            (self.first, self.second) = (first, second)
        }
    }
}

extension OptionalBlock: CustomStringConvertible {
    /// Identifier and data, as in an option: `LB=T-100`.
    public var description: String { "\(id)=\(data)" }
}

extension OptionalBlock.Identifier: CustomStringConvertible {
    /// The two characters.
    public var description: String { String(decoding: [first, second], as: UTF8.self) }
}
