import Foundation

/// Makes files in one folder, one after the other, with three system calls each.
struct FileLoop {
    private let folder: Int32

    /// Nil where there is no such folder.
    init?(folder path: String) {
        folder = open(path, O_RDONLY | O_DIRECTORY)
        if folder < 0 { return nil }
    }

    func filesPerSecond(count: Int, byteCount: Int) -> Double {
        let bytes = [UInt8](repeating: 0x2E, count: byteCount)
        let start = DispatchTime.now().uptimeNanoseconds
        for number in 0..<count {
            let file = openat(folder, "T\(number + 100_000_000).tr31", O_WRONLY | O_CREAT | O_EXCL, 0o600)
            precondition(file >= 0 && write(file, bytes, byteCount) == byteCount, "making a file failed")
            close(file)
        }
        return Double(count) * 1e9 / Double(DispatchTime.now().uptimeNanoseconds - start)
    }
}
