import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

@Suite("Text of a chunk")
struct ByteBufferTests {
    private func text(_ write: (ByteBuffer) -> Void) -> String {
        let buffer = ByteBuffer(capacity: 0)
        write(buffer)
        return String(decoding: buffer.characters, as: UTF8.self)
    }

    /// RFC 4180, 2.5 to 2.7.
    @Test(
        "a CSV field is quoted only where it must be",
        arguments: [
            ("", ""), ("plain", "plain"), ("two words", "two words"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
            ("\"", "\"\"\"\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), ("é", "é"),
        ])
    func csv(field: String, expected: String) {
        #expect(text { $0.append(csv: field) } == expected)
    }

    @Test("every character of a JSON string is read back as it was")
    func json() throws {
        let all = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init)))
        let document = text { buffer in
            buffer.append("[\"")
            Array(all.utf8).withUnsafeBufferPointer { buffer.append(json: $0) }
            buffer.append("\"]")
        }
        #expect(try JSONDecoder().decode([String].self, from: Data(document.utf8)) == [all])
    }

    @Test("numbers", arguments: [0, 1, 9, 10, 99, 100, 4096, 1_000_000_007, Int.max])
    func decimal(number: Int) {
        #expect(text { $0.append(decimal: number) } == String(number))
    }

    @Test("it grows with what is written, and keeps what was there")
    func growth() {
        let buffer = ByteBuffer(capacity: 1)
        var expected = ""
        for number in 0..<5000 {
            buffer.append("\(number);" as String)
            expected += "\(number);"
        }
        #expect(String(decoding: buffer.characters, as: UTF8.self) == expected)
        buffer.removeAll()
        #expect(buffer.count == 0)
        buffer.append("again" as StaticString)
        #expect(String(decoding: buffer.characters, as: UTF8.self) == "again")
    }

    @Test("serial numbers have 20 or 24 digits")
    func serialNumbers() {
        let (tdes, aes) = (DUKPTFamily.tdes, DUKPTFamily.aes)
        #expect(
            text { $0.append(InitialKeySerialNumber(family: tdes, leading: 0xFFFF_9876_5432_10FF)) }
                == "FFFF9876543210E00000")
        #expect(
            text { $0.append(InitialKeySerialNumber(family: aes, leading: 0x0123_4567_89AB_CDEF)) }
                == "0123456789ABCDEF00000000")
    }
}
