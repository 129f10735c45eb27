import Testing

/// The arrows of docs/decisions/README.md: who may import whom.
@Suite struct ImportArrowTests {
    /// What each module may import: modules of this package, C libraries, and what the toolchain brings.
    static let permitted: [String: Set<String>] = [
        "PaymentCrypto": ["COpenSSL", "CBitslicedDES", "Glibc", "SwiftASN1"],
        "Facility": toolchain.union(["PaymentCrypto", "GRDB"]),
        "Provisioning": toolchain.union(["Facility", "PaymentCrypto", "CLibCSV", "CLinux", "Mustache"]),
        "TokenEngine": ["PaymentCrypto", "CPKCS11", "Glibc", "Synchronization"],
        "ipek": toolchain.union([
            "Provisioning", "Facility", "TokenEngine", "PaymentCrypto", "CLinux", "ArgumentParser",
        ]),
    ]

    /// PaymentCrypto alone does without.
    private static let toolchain: Set = ["Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Synchronization"]

    let tree: SourceTree

    init() throws {
        tree = try SourceTree()
    }

    @Test func everyModuleHasItsArrows() {
        #expect(tree.modules == Set(Self.permitted.keys))
    }

    @Test(arguments: permitted.keys.sorted())
    func importsOnlyWhatItMay(module: String) throws {
        let permitted = try #require(Self.permitted[module])
        let files = tree.files.filter { $0.module == module }
        #expect(!files.isEmpty)
        for file in files {
            for declaration in file.imports where !permitted.contains(declaration.module) {
                Issue.record("\(file.name) imports \(declaration.module)")
            }
        }
    }

    /// Everybody else goes through the engine, which knows what a kernel needs.
    @Test func onlyTheEngineCallsTheKernels() {
        let callers = tree.files.filter { file in file.imports.contains { $0.module == "CBitslicedDES" } }
        #expect(callers.map(\.name) == ["PaymentCrypto/Engine/BitslicedEngine.swift"])
    }

    /// The engine interface can reach clear keys: it is for engines that live in other modules.
    @Test func onlyTheTokenEngineUsesTheEngineInterface() {
        for file in tree.files where file.module != "TokenEngine" {
            for declaration in file.imports where declaration.interfaces != nil {
                Issue.record("\(file.name) imports @_spi(\(declaration.interfaces ?? "")) \(declaration.module)")
            }
        }
    }

    @Test(arguments: [
        ("import Glibc", ImportDeclaration(module: "Glibc")),
        ("public import PaymentCrypto", ImportDeclaration(module: "PaymentCrypto")),
        (
            "@_spi(Engine) internal import PaymentCrypto",
            ImportDeclaration(module: "PaymentCrypto", interfaces: "Engine")
        ),
        ("  import struct Foundation.Date", ImportDeclaration(module: "Foundation")),
        ("@preconcurrency import Dispatch", ImportDeclaration(module: "Dispatch")),
    ])
    func importLinesAreRecognised(line: String, declaration: ImportDeclaration) {
        #expect(ImportDeclaration(line) == declaration)
    }

    @Test(arguments: ["", "let import1 = 2", "func import() {}", "key import NAME", "import"])
    func otherLinesAreNot(line: String) {
        #expect(ImportDeclaration(line) == nil)
    }
}
