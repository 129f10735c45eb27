import SwiftASN1

/// The elements of one SEQUENCE or SET, taken one after the other; nothing is skipped, and nothing is sorted.
struct DERElements {
    private var iterator: ASN1NodeCollection.Iterator
    private let part: TR34Part

    init(_ node: ASN1Node, _ identifier: ASN1Identifier, in part: TR34Part) throws(TR34Error) {
        guard node.identifier == identifier, case .constructed(let elements) = node.content else {
            throw .malformed(part)
        }
        iterator = elements.makeIterator()
        self.part = part
    }

    /// The next element, which must be there.
    mutating func next() throws(TR34Error) -> ASN1Node {
        guard let node = iterator.next() else { throw .malformed(part) }
        return node
    }

    /// The next element if there is one with this tag.
    mutating func next(if identifier: ASN1Identifier) -> ASN1Node? {
        var ahead = iterator
        guard let node = ahead.next(), node.identifier == identifier else { return nil }
        iterator = ahead
        return node
    }

    /// Whatever is left, in its order.
    mutating func rest() -> [ASN1Node] {
        var nodes: [ASN1Node] = []
        while let node = iterator.next() { nodes.append(node) }
        return nodes
    }

    /// Nothing may follow.
    mutating func end() throws(TR34Error) {
        guard iterator.next() == nil else { throw .malformed(part) }
    }
}

extension ASN1Node {
    /// One DER value and nothing behind it.
    static func parse(_ bytes: [UInt8], as part: TR34Part) throws(TR34Error) -> ASN1Node {
        do { return try DER.parse(bytes) } catch { throw .malformed(part) }
    }

    /// The contents of a primitive value with this tag.
    func contents(_ identifier: ASN1Identifier, in part: TR34Part) throws(TR34Error) -> ArraySlice<UInt8> {
        guard self.identifier == identifier, case .primitive(let bytes) = content else { throw .malformed(part) }
        return bytes
    }

    /// Whether it is exactly this DER.
    func isEncoded(as bytes: [UInt8]) -> Bool { encodedBytes.elementsEqual(bytes) }

    /// It must be exactly this DER.
    func require(_ bytes: [UInt8], in part: TR34Part) throws(TR34Error) {
        guard isEncoded(as: bytes) else { throw .malformed(part) }
    }

    /// The one value inside an explicit tag.
    func explicit(_ tagNumber: UInt, in part: TR34Part) throws(TR34Error) -> ASN1Node {
        var elements = try DERElements(self, .context(tagNumber), in: part)
        let value = try elements.next()
        try elements.end()
        return value
    }
}

extension ASN1Identifier {
    /// A context-specific tag, as `[0]` in the definitions.
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}

extension DER.Serializer {
    /// A SEQUENCE of what `write` writes.
    mutating func sequence(_ write: (inout DER.Serializer) -> Void) {
        appendConstructedNode(identifier: .sequence, write)
    }

    /// A SET of what `write` writes, in that order: DER's order is the caller's business.
    mutating func set(_ write: (inout DER.Serializer) -> Void) {
        appendConstructedNode(identifier: .set, write)
    }

    /// A primitive value.
    mutating func primitive(_ identifier: ASN1Identifier, _ contents: some Sequence<UInt8>) {
        appendPrimitiveNode(identifier: identifier) { $0.append(contentsOf: contents) }
    }

    /// An INTEGER from 0 to 127.
    mutating func smallInteger(_ number: UInt8) { primitive(.integer, CollectionOfOne(number)) }

    /// DER that is written already.
    mutating func encoded(_ bytes: [UInt8]) { serializeRawBytes(bytes) }
}
