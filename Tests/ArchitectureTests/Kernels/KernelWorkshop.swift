import Foundation
import Testing

/// The C sources of the fast TDES engine, and what tests make of them in a folder of their own.
final class KernelWorkshop {
    struct Outcome {
        let status: Int32
        /// Standard output and standard error.
        let text: String
    }

    let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kernels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        // Of a temporary folder that cannot be removed nobody needs to hear.
        try? FileManager.default.removeItem(at: folder)
    }

    var sources: URL { root.appending(path: "Sources/CBitslicedDES") }

    /// The four files that are compiled.
    var sourceFiles: [String] {
        ["Plain.c", "AVX2.c", "AVX512.c", "Dispatch.c"].map { sources.appending(path: $0).path }
    }

    /// Runs clang with the optimisation of a release build.
    func compile(_ arguments: [String]) throws -> Outcome {
        try run(["clang", "-O2", "-I\(sources.appending(path: "include").path)"] + arguments)
    }

    func run(_ command: [String]) throws -> Outcome {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, text: text)
    }
}
