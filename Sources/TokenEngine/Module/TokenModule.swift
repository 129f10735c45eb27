internal import CPKCS11
internal import Glibc
internal import Synchronization

/// A PKCS#11 module, loaded and initialised once in a process and never taken down.
///
/// Unchecked: the function list is written by the module before anybody else has it, and never again.
final class TokenModule: @unchecked Sendable {
    /// The file, without links.
    let path: String
    private let functions: UnsafePointer<CK_FUNCTION_LIST>
    private let tokens = Mutex<[CK_SLOT_ID: Token]>([:])

    /// By path: a module knows one login for the whole process, so two of the same would be in each other's way.
    private static let loaded = Mutex<[String: TokenModule]>([:])

    /// The module that a URI names.
    static func load(for uri: TokenURI) throws(TokenError) -> TokenModule {
        guard let path = uri.modulePath else { throw .noModulePath }
        let file = try ModuleFile(path)
        let outcome = loaded.withLock { modules in
            Result { () throws(TokenError) in
                if let module = modules[file.path] { return module }
                let module = try TokenModule(file)
                modules[file.path] = module
                return module
            }
        }
        return try outcome.get()
    }

    private init(_ file: ModuleFile) throws(TokenError) {
        path = file.path
        functions = try Self.open(file.path)
        // A module may talk to its token through a socket: when the other end is gone, its call has to fail, and not
        // this process to end. Writing to a closed standard output fails then, too, which is noticed where it is done.
        signal(SIGPIPE, SIG_IGN)
        try initialise()
    }

    private static func open(_ path: String) throws(TokenError) -> UnsafePointer<CK_FUNCTION_LIST> {
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .moduleUnavailable(path: path, reason: loaderReason(path))
        }
        guard let symbol = dlsym(library, "C_GetFunctionList") else {
            dlclose(library)
            throw .notAModule(path: path, reason: "it has no function C_GetFunctionList")
        }
        // The symbol is a C function, and this is its type in every version of the standard.
        let getFunctionList = unsafeBitCast(symbol, to: CK_C_GetFunctionList.self)
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        guard getFunctionList(&list) == CKR_OK, let list else {
            throw .notAModule(path: path, reason: "C_GetFunctionList gave no functions")
        }
        // Version 3 keeps the functions of version 2 in their places.
        guard (2...3).contains(list.pointee.version.major) else {
            throw .notAModule(
                path: path, reason: "expected PKCS#11 version 2 or 3, found \(list.pointee.version.major)")
        }
        return UnsafePointer(list)
    }

    /// The loader's words, without the path that it begins with.
    private static func loaderReason(_ path: String) -> String {
        let words = dlerror().map { String(cString: $0) } ?? "no reason is given"
        return words.hasPrefix(path + ": ") ? String(words.dropFirst(path.count + 2)) : words
    }

    private func initialise() throws(TokenError) {
        var arguments = CK_C_INITIALIZE_ARGS()
        // Several workers call at once; the module locks with the system's own mutexes.
        arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
        do throws(CallFailure) {
            try call("C_Initialize") { $0.pointee.C_Initialize?(&arguments) }
        } catch {
            guard error.result != CKR_CRYPTOKI_ALREADY_INITIALIZED else { return }
            throw .moduleUnavailable(path: path, reason: error.description)
        }
    }

    /// Calls one of the module's functions; one that the module leaves out is not supported.
    func call(
        _ name: StaticString, _ body: (UnsafePointer<CK_FUNCTION_LIST>) -> CK_RV?
    ) throws(CallFailure) {
        let result = body(functions) ?? CK_RV(CKR_FUNCTION_NOT_SUPPORTED)
        guard result == CKR_OK else { throw CallFailure("\(name)", result) }
    }

    /// The token in a slot, the same object each time.
    func token(_ information: TokenInformation) -> Token {
        tokens.withLock { tokens in
            if let token = tokens[information.slot] { return token }
            let token = Token(self, information)
            tokens[information.slot] = token
            return token
        }
    }
}
