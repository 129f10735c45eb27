import Foundation
import Testing

@testable import TokenEngine

@Suite struct ModuleTests {
    let folder: URL

    init() throws {
        folder = try TokenServer.temporaryFolder()
    }

    private func load(_ path: String) throws -> TokenModule {
        try TokenModule.load(for: TokenURI("pkcs11:?module-path=\(path)"))
    }

    @Test func aURIWithoutAModuleSaysHowToNameIt() throws {
        #expect(throws: TokenError.noModulePath) { try TokenModule.load(for: TokenURI("pkcs11:token=T")) }
        #expect(throws: TokenError.noModulePath) { try TokenModule.load(for: TokenURI("pkcs11:?module-name=softhsm2")) }
        #expect(TokenError.noModulePath.hint == "add ?module-path=/path/to/module.so to the URI")
    }

    @Test func aModuleThatIsMissingIsUnavailable() {
        let path = folder.appending(path: "absent.so").path
        let error = TokenError.moduleUnavailable(path: path, reason: "no such file or directory")
        #expect(throws: error) { try load(path) }
        #expect(error.category == .unavailable)
    }

    @Test func aFolderIsNoModule() {
        #expect(throws: TokenError.moduleUnavailable(path: folder.path, reason: "it is not a file")) {
            try load(folder.path)
        }
    }

    @Test func aTextIsNoModule() throws {
        let path = folder.appending(path: "text.so").path
        try Data("not a library\n".utf8).write(to: URL(filePath: path))
        #expect { try load(path) } throws: {
            "\($0)" == "the PKCS#11 module \(path) cannot be loaded: file too short"
                || "\($0)" == "the PKCS#11 module \(path) cannot be loaded: invalid ELF header"
        }
    }

    @Test func anotherLibraryIsNoModule() throws {
        let path = folder.appending(path: "zlib.so").path
        try compile("int answer(void) { return 42; }", to: path)
        #expect(throws: TokenError.notAModule(path: path, reason: "it has no function C_GetFunctionList")) {
            try load(path)
        }
    }

    @Test func aModuleWithoutFunctionsIsNone() throws {
        let path = folder.appending(path: "empty.so").path
        try compile("unsigned long C_GetFunctionList(void **list) { *list = 0; return 0; }", to: path)
        #expect(throws: TokenError.notAModule(path: path, reason: "C_GetFunctionList gave no functions")) {
            try load(path)
        }
    }

    @Test(arguments: [0o777, 0o775, 0o666])
    func aModuleThatOthersMayWriteIsNotTrusted(mode: Int) throws {
        let path = folder.appending(path: "open.so").path
        try compile("int answer(void) { return 42; }", to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: TokenError.moduleUntrusted(path: path, reason: "others may write to it")) { try load(path) }
    }

    @Test func aModuleInAFolderThatOthersMayWriteIsNotTrusted() throws {
        let path = folder.appending(path: "module.so").path
        try compile("int answer(void) { return 42; }", to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        #expect(throws: TokenError.moduleUntrusted(path: path, reason: "others may write its folder")) {
            try load(path)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func aModuleOfAnotherUserIsNotTrusted() throws {
        let path = folder.appending(path: "theirs.so").path
        try compile("int answer(void) { return 42; }", to: path)
        try #require(chown(path, 65534, 65534) == 0)
        #expect(throws: TokenError.moduleUntrusted(path: path, reason: "it belongs to user 65534")) { try load(path) }
    }

    /// Whoever may write a folder on the way can put another one in the place of what is in it.
    @Test func aModuleBelowAFolderThatOthersMayWriteIsNotTrusted() throws {
        let open = folder.appending(path: "open")
        let path = try compileBelow(open)
        try FileManager.default.setAttributes([.posixPermissions: 0o775], ofItemAtPath: open.path)
        #expect(throws: TokenError.moduleUntrusted(path: path, reason: "others may write the folder \(open.path)")) {
            try load(path)
        }
        // As in /tmp: what is in there is the caller's, and stays.
        try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: open.path)
        #expect(throws: TokenError.notAModule(path: path, reason: "it has no function C_GetFunctionList")) {
            try load(path)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aModuleBelowAFolderOfAnotherUserIsNotTrusted() throws {
        let theirs = folder.appending(path: "theirs")
        let path = try compileBelow(theirs)
        try #require(chown(theirs.path, 65534, 65534) == 0)
        // Not by way of a link that hides it, either.
        let link = folder.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for path in [path, link] {
            let error = TokenError.moduleUntrusted(
                path: path, reason: "the folder \(theirs.path) belongs to user 65534")
            #expect(throws: error) { try load(path) }
        }
    }

    /// A library in a folder of its own in this folder.
    private func compileBelow(_ above: URL) throws -> String {
        let inner = above.appending(path: "inner")
        try FileManager.default.createDirectory(
            at: inner, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let path = inner.appending(path: "module.so").path
        try compile("int answer(void) { return 42; }", to: path)
        return path
    }

    private func compile(_ source: String, to path: String) throws {
        let file = folder.appending(path: "source.c")
        try Data(source.utf8).write(to: file)
        try TestLibrary.compile(file, to: path)
    }
}
